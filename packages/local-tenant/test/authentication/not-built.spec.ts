import assert from "node:assert/strict";
import { addApplication } from "../support/application.ts";
import { Agent } from "../support/oauth.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("what the tenant does not have", () => {
  const test = perSuite(() => startTestTenant());
  const agent = perSuite(() => new Agent(test));

  it("is refused aloud and by name", async () => {
    const endpoints = [
      ...["/oauth/par", "/bc-authorize", "/oidc/register", "/passwordless/start", "/passwordless/verify"],
      ...["/dbconnections/signup", "/dbconnections/change_password", "/co/authenticate"],
      ...["/mfa/challenge", "/mfa/associate", "/samlp/:client_id"],
    ].map((path) => ["POST", path] as [method: "GET" | "POST", path: string]);
    for (const path of ["/mfa/authenticators", "/activate", "/samlp/:client_id", "/wsfed/:client_id"]) {
      endpoints.push(["GET", path]);
    }
    for (const [method, path] of endpoints) {
      const address = path.replace(":client_id", "abc");
      const response = await (method === "GET" ? agent.get(address) : agent.post(address, {}));
      assert.equal(response.statusCode, 501, path);
      assert.deepEqual(response.json(), {
        error: "not_implemented",
        error_description: `The local tenant does not implement ${method} ${path}.`,
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
    const able = await ask([device]);
    assert.equal(able.statusCode, 501);
    assert.deepEqual(able.json(), {
      error: "not_implemented",
      error_description: "The local tenant does not have the device flow.",
    });
    assert.equal((await agent.post("/oauth/device/code", { client_id: "nobody" })).statusCode, 401);
  });
});
