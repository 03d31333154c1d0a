import assert from "node:assert/strict";
import { Agent } from "../support/oauth.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("an error of the tenant itself", () => {
  it("is answered without its details, on pages and to applications", async () => {
    const test = await startTestTenant();
    const write = process.stderr.write.bind(process.stderr);
    let said = "";
    process.stderr.write = (text: string | Uint8Array) => (said += text.toString()) !== "";
    try {
      test.tenant.context.store.tables.clients.get = () => {
        throw new Error("secret detail");
      };
      const agent = new Agent(test);
      const form = { client_id: "a", client_secret: "b", grant_type: "client_credentials", token: "t" };
      for (const response of [
        await agent.get("/authorize?client_id=a"),
        await agent.post("/oauth/token", form),
        await agent.post("/oauth/revoke", form),
        await agent.get("/v2/logout?client_id=a"),
        await agent.post("/_local/sign-in", form),
      ]) {
        assert.equal(response.statusCode, 500);
        assert.equal(response.body.includes("secret detail"), false);
      }
      assert.equal(said.split("Error: secret detail").length - 1, 5);
    } finally {
      process.stderr.write = write;
      await test.close();
    }
  });
});
