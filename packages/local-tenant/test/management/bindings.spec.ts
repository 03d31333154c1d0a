import assert from "node:assert/strict";
import type { Action, Bindings } from "../support/answers.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

const BINDINGS = "/actions/triggers/post-login/bindings";

describe("Bindings of a trigger", () => {
  const test = perSuite(() => startTestTenant());
  const ids: string[] = [];
  before(async () => {
    for (const name of ["one", "two", "three"]) {
      const made = await test.api<Action>("POST", "/actions/actions", {
        name,
        supported_triggers: [{ id: "post-login", version: "v3" }],
        code: "exports.onExecutePostLogin = async () => {};",
      });
      ids.push(made.body.id);
      if (name !== "three") await test.api("POST", `/actions/actions/${made.body.id}/deploy`);
    }
  });

  const bind = (...actions: (string | undefined)[]) =>
    test.api<Bindings>("PATCH", BINDINGS, {
      bindings: actions.map((value, index) => ({
        display_name: `b${index}`,
        ref: { type: "action_id", value },
      })),
    });
  const bound = async () =>
    (await test.api<Bindings>("GET", BINDINGS)).body.bindings.map(({ action }) => action.id);

  it("are replaced as a whole and kept in their order", async () => {
    await bind(ids[0], ids[1]);
    await bind(ids[1], ids[0]);
    assert.deepEqual(await bound(), [ids[1], ids[0]]);
  });

  it("page so that a client which reads on while there is a total comes to an end", async () => {
    await bind(ids[0], ids[1]);
    const first = await test.api<Bindings>("GET", `${BINDINGS}?page=0&per_page=100`);
    assert.equal(first.body.total, 2);
    assert.equal("page" in first.body, false);
    const second = await test.api("GET", `${BINDINGS}?page=1&per_page=100`);
    assert.deepEqual(second.body, { bindings: [], page: 1, per_page: 100 });
  });

  it("answer an empty list without a total", async () => {
    await bind();
    assert.deepEqual((await test.api("GET", `${BINDINGS}?page=0&per_page=100`)).body, {
      bindings: [],
      per_page: 100,
    });
  });

  it("refuse an Action that is not deployed, and change nothing then", async () => {
    await bind(ids[0]);
    const refused = await bind(ids[1], ids[2]);
    assert.equal(refused.status, 400);
    assert.deepEqual(await bound(), [ids[0]]);
  });

  it("refuse an Action of another trigger and an unknown trigger", async () => {
    const answer = await test.api("PATCH", "/actions/triggers/credentials-exchange/bindings", {
      bindings: [{ ref: { type: "action_id", value: ids[0] } }],
    });
    assert.equal(answer.status, 400);
    assert.equal((await test.api("GET", "/actions/triggers/no-such/bindings")).status, 404);
  });

  it("take an Action by its name, and show the Action's own name by default", async () => {
    const answer = await test.api<Bindings>("PATCH", BINDINGS, {
      bindings: [{ ref: { type: "action_name", value: "two" } }],
    });
    assert.equal(answer.body.bindings[0]?.display_name, "two");
    assert.equal(answer.body.bindings[0]?.action.deployed_version?.deployed, true);
  });
});
