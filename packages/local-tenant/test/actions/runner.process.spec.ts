import assert from "node:assert/strict";
import { mock } from "node:test";
import { createActionRunner } from "../../src/actions/runner.ts";
import { action, answer, flow, handler, printed, withRunner } from "./harness.ts";

describe("a flow of Actions", () => {
  const { run } = withRunner();

  it("completes without Actions", async () => {
    const outcome = await run([]);
    assert.equal(outcome.status, "completed");
    assert.deepEqual(outcome.runs, []);
  });

  it("runs the Actions in binding order and gathers what they ask for", async () => {
    const outcome = await run([
      handler(`console.log("one"); api.idToken.setCustomClaim("https://xyz.example/a", 1);`),
      handler(`console.log("two"); api.idToken.setCustomClaim("https://xyz.example/a", 2);
               api.accessToken.setCustomClaim("https://xyz.example/b", ["x"]);`),
    ]);
    assert.equal(outcome.status, "completed");
    assert.deepEqual(printed(outcome), ["one", "two"]);
    assert.deepEqual(outcome.idTokenClaims, { "https://xyz.example/a": 2 });
    assert.deepEqual(outcome.accessTokenClaims, { "https://xyz.example/b": ["x"] });
  });

  it("gives each Action the event and its own secrets only", async () => {
    const show = `console.log(JSON.stringify([event.user.user_id, event.secrets, event.configuration]));`;
    const outcome = await run([
      handler(show, { secrets: { KEY: "first" } }),
      handler(show, { secrets: { OTHER: "second" } }),
    ]);
    assert.deepEqual(printed(outcome), [
      `["waad|ada",{"KEY":"first"},{}]`,
      `["waad|ada",{"OTHER":"second"},{}]`,
    ]);
  });

  it("does not let one Action change the event of the next", async () => {
    const outcome = await run([
      handler(`event.user.email = "eve@xyz.example"; event.transaction.metadata.forged = true;`),
      handler(`console.log(event.user.email, JSON.stringify(event.transaction.metadata));`),
    ]);
    assert.deepEqual(printed(outcome), ["ada@xyz.example {}"]);
  });

  it("stops at a denial, and still reports the metadata asked for before", async () => {
    const denying = handler(`api.user.setAppMetadata("seen", true); api.access.deny("Not today.");
                             api.user.setUserMetadata("after", 1);`);
    const outcome = await run([denying, handler(`console.log("never");`)]);
    assert.equal(outcome.status, "denied");
    assert.deepEqual(outcome.denial, { reason: "Not today.", actionId: denying.id });
    assert.deepEqual(outcome.appMetadata, { seen: true });
    assert.deepEqual(outcome.userMetadata, { after: 1 });
    assert.equal(outcome.runs.length, 1);
  });

  it("fails with the message of an uncaught error, and still reports the metadata asked for before", async () => {
    const outcome = await run([
      handler(`api.user.setAppMetadata("step", 1);`),
      handler(`api.user.setAppMetadata("step", 2); throw new Error("No such department.");`),
      handler(`console.log("never");`),
    ]);
    assert.equal(outcome.status, "failed");
    assert.equal(outcome.error?.kind, "thrown");
    assert.equal(outcome.error.message, "No such department.");
    assert.equal(outcome.runs[1]?.error, "No such department.");
    assert.equal(outcome.runs[0]?.error, undefined);
    assert.deepEqual(outcome.appMetadata, { step: 2 });
    assert.equal(outcome.runs.length, 2);
  });

  it("tells of anything that can be thrown", async () => {
    const thrown = async (expression: string) => (await run(handler(`throw ${expression};`))).error?.message;
    assert.equal(await thrown(`"text"`), "text");
    assert.equal(await thrown("42"), "42");
    assert.equal(await thrown("undefined"), "Unknown error");
    assert.equal(await thrown("null"), "Unknown error");
    assert.equal(await thrown(`new Error("")`), "Error");
    assert.equal(await thrown(`{ message: "of an object" }`), "of an object");
    assert.equal(await thrown(`{ get message() { throw 1; } }`), "Unknown error");
    assert.equal(await thrown(`Object.create(null)`), "Unknown error");
  });

  it("gathers metadata of all Actions into one patch, where null removes a key", async () => {
    const outcome = await run([
      handler(`api.user.setAppMetadata("a", { deep: [1] }); api.user.setAppMetadata("b", 1);`),
      handler(`api.user.setAppMetadata("b", null); api.user.setUserMetadata("c", undefined);
               console.log(JSON.stringify(event.user.app_metadata));`),
    ]);
    assert.deepEqual(outcome.appMetadata, { a: { deep: [1] }, b: null });
    assert.deepEqual(outcome.userMetadata, { c: null });
    assert.deepEqual(printed(outcome), ["{}"], "event.user does not change during the flow");
  });

  it("shares transaction metadata between Actions, at once", async () => {
    const outcome = await run([
      handler(`api.transaction.setMetadata("a", 1); api.transaction.setMetadata("b", "x");
               console.log(JSON.stringify(event.transaction.metadata));`),
      handler(`api.transaction.setMetadata("a", null); api.transaction.setMetadata("c", false);
               console.log(JSON.stringify(event.transaction.metadata));`),
    ]);
    assert.deepEqual(printed(outcome), [`{"a":1,"b":"x"}`, `{"b":"x","c":false}`]);
    assert.deepEqual(outcome.transactionMetadata, { b: "x", c: false });
  });

  it("sends the user away, and resumes at the Action that did", async () => {
    const redirecting = action(`
      exports.onExecutePostLogin = async (event, api) => {
        api.transaction.setMetadata("asked", true);
        api.redirect.sendUserTo("https://terms.xyz.example/accept?x=1", { query: { lang: "fr" } });
      };
      exports.onContinuePostLogin = async (event, api) => {
        console.log("continued", event.transaction.metadata.asked, event.request.query.accepted);
      };`);
    const actions = [handler(`console.log("first");`), redirecting, handler(`console.log("last");`)];
    const away = await run(actions);
    assert.equal(away.status, "redirect");
    assert.deepEqual(away.redirect, {
      url: "https://terms.xyz.example/accept?x=1&lang=fr",
      actionId: redirecting.id,
    });
    assert.deepEqual(printed(away), ["first"]);

    const { event } = flow([]);
    const back = await run(actions, {
      event: { ...event, request: { query: { accepted: "yes" } } },
      entry: "onContinuePostLogin",
      resumeAt: redirecting.id,
      transactionMetadata: away.transactionMetadata,
    });
    assert.equal(back.status, "completed");
    assert.deepEqual(printed(back), ["continued true yes", "last"]);
    assert.deepEqual(
      back.runs.map(({ entry }) => entry),
      ["onContinuePostLogin", "onExecutePostLogin"],
    );
  });

  it("prefers an error to a denial, and a denial to a redirect", async () => {
    const both = `api.redirect.sendUserTo("https://a.example/"); api.access.deny("no");`;
    assert.equal((await run(handler(both))).status, "denied");
    const all = await run(handler(`${both} throw new Error("oops");`));
    assert.equal(all.status, "failed");
    assert.equal(all.denial, undefined);
    assert.equal(all.redirect, undefined);
  });

  it("answers what an Action asks about groups and roles", async () => {
    const asked: unknown[] = [];
    const outcome = await run(
      handler(`console.log(JSON.stringify([
        await api.groups.getUserGroups({ take: 1, from: "x" }),
        await api.groups.hasGroupMembership(["Sales", "Ops"]),
        await api.roles.getUserEffectiveRoles(),
        await api.groups.getUserGroups({ take: 2 }).catch((error) => error.message),
        await api.groups.getUserGroups({ take: 0 }).catch((error) => error.message),
        await api.groups.hasGroupMembership([]).catch((error) => error.message),
      ]));`),
      {
        lookups: {
          getUserGroups: async (page) => {
            asked.push(page);
            if (page.take === 2) throw new Error("The directory is away.");
            return { groups: [], next: "n" };
          },
          hasGroupMembership: async (groups) => ({
            memberships: Object.fromEntries(groups.map((name) => [name, { is_member: name === "Ops" }])),
          }),
          getUserEffectiveRoles: async () => ({ roles: [{ id: "rol_1", name: "Admin" }] }),
        },
      },
    );
    assert.deepEqual(asked, [{ take: 1, from: "x" }, { take: 2 }]);
    assert.deepEqual(answer(outcome), [
      { groups: [], next: "n" },
      { memberships: { Sales: { is_member: false }, Ops: { is_member: true } } },
      { roles: [{ id: "rol_1", name: "Admin" }] },
      "The directory is away.",
      'The "take" parameter must be a positive integer if provided.',
      'The "groups" parameter must be a non-empty array of strings.',
    ]);
  });
});

describe("the time of a flow", () => {
  const { run } = withRunner();

  it("is shared by all Actions, and the one that runs when it is over is killed", async () => {
    const waiting = () => handler(`await new Promise((resolve) => setTimeout(resolve, 900));`);
    const outcome = await run([waiting(), waiting()], { budgetMs: 1500 });
    assert.equal(outcome.status, "failed");
    assert.equal(outcome.error?.kind, "timeout");
    assert.equal(outcome.error.message, "The Actions of this sign-in took longer than 1.5 seconds.");
  });

  it("is 20 seconds, as in production", async () => {
    const delays: (number | undefined)[] = [];
    const soon = setTimeout;
    const timers = mock.method(globalThis, "setTimeout", (callback: () => void, milliseconds?: number) => {
      delays.push(milliseconds);
      return soon(callback, 100);
    });
    try {
      const { error } = await run(handler(`await new Promise(() => {});`));
      assert.equal(error?.message, "The Actions of this sign-in took longer than 20 seconds.");
      assert.ok(delays.includes(20_000), delays.join());
    } finally {
      timers.mock.restore();
    }
  });

  it("keeps what earlier Actions and the console said before it was over", async () => {
    const outcome = await run(
      [handler(`api.user.setAppMetadata("kept", 1);`), handler(`console.log("so far"); for (;;);`)],
      { budgetMs: 2000 },
    );
    assert.equal(outcome.error?.kind, "timeout");
    assert.deepEqual(outcome.appMetadata, { kept: 1 });
    assert.deepEqual(printed(outcome), ["so far"]);
  });

  it("ends with the runner: a flow under way fails, a new one too", async () => {
    const runner = createActionRunner();
    const running = runner.run(flow(handler(`await new Promise(() => {});`)));
    const closed = new Promise((resolve) => setTimeout(resolve, 300)).then(() => runner.close());
    const outcome = await running;
    await closed;
    assert.equal(outcome.error?.kind, "closed");
    assert.equal((await runner.run(flow(handler("")))).error?.kind, "closed");
  });
});
