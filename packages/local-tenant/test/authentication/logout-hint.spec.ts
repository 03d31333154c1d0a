import assert from "node:assert/strict";
import { addApplication } from "../support/application.ts";
import { Agent } from "../support/oauth.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("/oidc/logout with an ID token as its hint", () => {
  it("goes to the application's address and gives the state back, also long after the token's end", async () => {
    let now = Date.now();
    const test = await startTestTenant({ now: () => now });
    try {
      const { id_token = "" } = await new Agent(test).tokens(addApplication(test), {});
      const query = {
        id_token_hint: id_token,
        post_logout_redirect_uri: "http://localhost:3000/",
        state: "s",
      };
      for (const days of [0, 400]) {
        now += days * 86_400_000;
        const answer = await test.tenant.app.inject({
          url: `/oidc/logout?${new URLSearchParams(query).toString()}`,
          headers: { host: test.tenant.context.domain },
        });
        assert.equal(answer.statusCode, 302, answer.body);
        assert.equal(answer.headers.location, "http://localhost:3000/?state=s");
      }
    } finally {
      await test.close();
    }
  });
});
