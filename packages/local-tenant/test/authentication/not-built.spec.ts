import assert from "node:assert/strict";
import { addApplication } from "../support/application.ts";
import { Agent } from "../support/oauth.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("what the tenant does not have", () => {
  const test = perSuite(() => startTestTenant());
  const agent = perSuite(() => new Agent(test));

  it("is refused aloud and by name", async () => {
    for (const path of ["/oauth/par", "/dbconnections/signup", "/passwordless/start", "/mfa/challenge"]) {
      const response = await agent.post(path, {});
      assert.equal(response.statusCode, 501);
      assert.deepEqual(response.json(), {
        error: "not_implemented",
        error_description: `The local tenant does not implement POST ${path}.`,
      });
    }
  });

  it("is refused by production's own rule where that comes first: the device flow", async () => {
    const device = "urn:ietf:params:oauth:grant-type:device_code";
    const ask = (grant_types: string[]) => {
      const { client_id, client_secret } = addApplication(test, { client: { grant_types } }).client;
      return agent.post("/oauth/device/code", { client_id, client_secret });
    };
    const refused = await ask(["authorization_code"]);
    assert.equal(refused.statusCode, 403);
    assert.deepEqual(refused.json(), {
      error: "unauthorized_client",
      error_description: `Grant type '${device}' not allowed for the client.`,
    });
    assert.equal((await ask([device])).statusCode, 501);
    assert.equal((await agent.post("/oauth/device/code", { client_id: "nobody" })).statusCode, 401);
  });
});
