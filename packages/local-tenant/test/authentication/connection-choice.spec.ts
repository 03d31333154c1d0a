import assert from "node:assert/strict";
import { addApplication } from "../support/application.ts";
import { Agent, answerOf } from "../support/oauth.ts";
import { perSuite, perTest } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

const ADA = "ada.lindqvist@xyz.example";

describe("the connection of a sign-in that names none", () => {
  const test = perSuite(() => startTestTenant());
  const application = perSuite(() => addApplication(test, { options: { domain_aliases: ["xyz.example"] } }));
  const browser = perTest(() => new Agent(test));
  const none = { connection: undefined };
  const page = async (changes: Record<string, string | undefined>) => {
    const redirect = await browser.authorize(application, { ...none, ...changes });
    return (await browser.get(String(redirect.headers.location))).body;
  };

  it("is the only one that the application has", async () => {
    assert.match(await page({}), /Who is signing in/);
    assert.ok(answerOf(await browser.signIn(application, none))["code"]);
  });

  describe("where there are several", () => {
    before(() => {
      const { connections } = test.tenant.context.store.tables;
      const options = { tenant_domain: "other.example" };
      connections.put({ ...application.connection, id: "con_other", name: "other", options });
    });

    it("is the one of the hinted e-mail's domain, or the person's choice", async () => {
      assert.match(await page({ login_hint: `someone@OTHER.example` }), /Who is signing in/);
      for (const login_hint of [undefined, "someone@elsewhere.example", "ada"]) {
        const body = await page({ login_hint });
        assert.match(body, /Continue with other/, login_hint);
        assert.ok(body.includes(`Continue with ${application.connection.name}`), login_hint);
      }
    });

    it("is that of the session, unless another is asked for", async () => {
      await browser.signIn(application, { employee: ADA });
      const silent = async (connection: string | undefined) =>
        answerOf(await browser.authorize(application, { connection, prompt: "none" }));
      assert.ok((await silent(undefined))["code"]);
      assert.ok((await silent(application.connection.name))["code"]);
      assert.equal((await silent("other"))["error"], "login_required");
    });
  });
});

describe("a session that is used again", () => {
  let now = Date.now();
  const test = perSuite(() => startTestTenant({ now: () => now }));
  const application = perSuite(() => addApplication(test));
  const browser = perTest(() => new Agent(test));

  it("is young enough up to max_age, to the second", async () => {
    await browser.signIn(application);
    now += 60_000;
    const silent = async (max_age: string) =>
      answerOf(await browser.authorize(application, { max_age, prompt: "none" }));
    assert.ok((await silent("60"))["code"]);
    assert.equal((await silent("59"))["error"], "login_required");
  });

  it("is asked for consent in vain: the tenant has nothing to ask", async () => {
    await browser.signIn(application);
    assert.ok(answerOf(await browser.authorize(application, { prompt: "consent" }))["code"]);
  });
});
