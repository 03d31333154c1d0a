import assert from "node:assert/strict";
import { addApplication, addBoundAction } from "../support/application.ts";
import { Agent, answerOf, payloadOf } from "../support/oauth.ts";
import { perSuite, perTest } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("an Action that sends the browser away", () => {
  const test = perSuite(() => startTestTenant());
  const application = perSuite(() => addApplication(test));
  const agent = perTest(() => new Agent(test));
  before(() => {
    addBoundAction(
      test,
      `exports.onExecutePostLogin = async (event, api) => {
        api.idToken.setCustomClaim("before", event.user.email);
        api.user.setAppMetadata("asked", true);
        api.transaction.setMetadata("step", 1);
        api.redirect.sendUserTo("https://terms.example/accept?lang=en");
      };
      exports.onContinuePostLogin = async (event, api) => {
        if (event.request.query.accepted !== "yes") return api.access.deny("Terms were not accepted");
        api.idToken.setCustomClaim("step", event.transaction.metadata.step);
      };`,
      "Terms",
    );
    addBoundAction(
      test,
      `exports.onExecutePostLogin = async (event, api) => void api.idToken.setCustomClaim("behind", true);`,
      "Behind",
    );
  });

  const away = async (changes: Record<string, string> = {}) => {
    const response = await agent.signIn(application, changes);
    const url = new URL(String(response.headers.location));
    return { url, state: url.searchParams.get("state") ?? "" };
  };

  it("goes on in onContinuePostLogin when the browser is back, and only then writes metadata", async () => {
    const employee = "yuki.mori@xyz.example";
    const { url, state } = await away({ employee });
    assert.equal(`${url.origin}${url.pathname}`, "https://terms.example/accept");
    assert.equal(url.searchParams.get("lang"), "en");
    const { users } = test.tenant.context.store.tables;
    const user = () => users.find((candidate) => candidate.email === employee);
    assert.equal(user()?.app_metadata?.["asked"], undefined);
    const back = await agent.get(`/continue?state=${state}&accepted=yes`);
    const answer = answerOf(back);
    assert.equal(answer["state"], "a-state");
    const tokens = (await agent.exchange(application, answer["code"] ?? "")).json<Record<string, string>>();
    const payload = payloadOf(tokens["id_token"]);
    assert.deepEqual([payload["before"], payload["step"], payload["behind"]], [employee, 1, true]);
    assert.equal(user()?.app_metadata?.["asked"], true);
    assert.deepEqual(
      test.tenant.context.signIns.traces
        .list()
        .slice(0, 2)
        .map(({ outcome }) => outcome),
      ["completed", "redirect"],
    );
  });

  it("may deny then", async () => {
    const { state } = await away();
    const answer = answerOf(await agent.get(`/continue?state=${state}`));
    assert.equal(answer["error_description"], "Terms were not accepted");
  });

  it("can be continued once, and only by the same browser", async () => {
    const { state } = await away();
    const path = `/continue?state=${state}&accepted=yes`;
    const stranger = await new Agent(test).get(path);
    assert.equal(stranger.statusCode, 400);
    assert.equal(stranger.headers.location, undefined);
    assert.equal((await agent.get(path)).statusCode, 302);
    assert.equal((await agent.get(path)).statusCode, 400);
    assert.equal((await agent.get("/continue?state=unknown")).statusCode, 400);
    assert.equal((await agent.get("/continue")).statusCode, 400);
  });

  it("cannot be continued by somebody else who signs in with the same browser meanwhile", async () => {
    const { state } = await away({ employee: "yuki.mori@xyz.example" });
    await away({ employee: "maya.cohen@xyz.example", prompt: "login" });
    const mixed = await agent.get(`/continue?state=${state}&accepted=yes`);
    assert.equal(mixed.statusCode, 400);
    assert.equal(mixed.headers.location, undefined);
  });

  it("cannot be skipped over the sign-in page", async () => {
    const { state } = await away();
    assert.equal((await agent.get(`/u/login?state=${state}`)).statusCode, 400);
    const posted = await agent.post("/u/login", { state, employee: "ada.lindqvist@xyz.example" });
    assert.equal(posted.statusCode, 400);
  });

  it("is an interaction, which a silent sign-on must not have", async () => {
    await away();
    const response = await agent.authorize(application, { prompt: "none" });
    assert.equal(answerOf(response)["error"], "interaction_required");
  });
});
