import assert from "node:assert/strict";
import { mock } from "node:test";
import { createLocalJWKSet, jwtVerify } from "jose";
import type { JSONWebKeySet } from "jose";

import { SigningKeys } from "../../src/store/keys.ts";
import { addApplication } from "../support/application.ts";
import { Agent } from "../support/oauth.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("discovery", () => {
  it("is answered before the tenant has a key, where that was asked for", async () => {
    const never = mock.method(SigningKeys.prototype, "ensure", () => new Promise(() => undefined));
    const test = await startTestTenant({ early: true }).finally(() => never.mock.restore());
    try {
      const { statusCode } = await new Agent(test).get("/.well-known/openid-configuration");
      assert.deepEqual([statusCode, test.tenant.context.store.tables.signingKeys.list()], [200, []]);
    } finally {
      await test.close();
    }
  });
});

describe("discovery and keys", () => {
  const test = perSuite(() => startTestTenant());
  const agent = perSuite(() => new Agent(test));

  it("names endpoints that exist, under an issuer with a trailing slash", async () => {
    const document = (await agent.get("/.well-known/openid-configuration")).json<Record<string, string>>();
    const issuer = `https://localhost:${test.tenant.port}/`;
    assert.equal(document["issuer"], issuer);
    const endpoints = Object.entries(document).filter(([name]) => /_endpoint$|^jwks_uri$/.test(name));
    assert.ok(endpoints.length >= 6);
    for (const [name, url] of endpoints) {
      assert.ok(url.startsWith(issuer), name);
      const path = url.slice(issuer.length - 1);
      const [got, posted] = [await agent.get(path), await agent.post(path, {})];
      assert.ok(got.statusCode !== 404 || posted.statusCode !== 404, `${name} ${path}`);
    }
  });

  it("says what the tenant does, in production's words and order", async () => {
    const response = await agent.get("/.well-known/openid-configuration");
    const issuer = `https://localhost:${test.tenant.port}/`;
    const expected = {
      issuer,
      authorization_endpoint: `${issuer}authorize`,
      token_endpoint: `${issuer}oauth/token`,
      userinfo_endpoint: `${issuer}userinfo`,
      jwks_uri: `${issuer}.well-known/jwks.json`,
      revocation_endpoint: `${issuer}oauth/revoke`,
      end_session_endpoint: `${issuer}oidc/logout`,
      scopes_supported: words(
        "openid profile offline_access name given_name family_name nickname email email_verified picture",
        "created_at identities phone address",
      ),
      response_types_supported: ["code"],
      response_modes_supported: words("query fragment form_post web_message"),
      grant_types_supported: words("authorization_code client_credentials refresh_token"),
      code_challenge_methods_supported: words("S256 plain"),
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: words("HS256 RS256"),
      token_endpoint_auth_methods_supported: words(
        "client_secret_basic client_secret_post private_key_jwt none",
      ),
      token_endpoint_auth_signing_alg_values_supported: words("RS256 RS384 PS256"),
      claims_supported: words(
        "aud auth_time created_at email email_verified exp family_name given_name iat identities iss name",
        "nickname phone_number picture sub",
      ),
      request_uri_parameter_supported: false,
      request_parameter_supported: false,
      claims_parameter_supported: false,
      end_session_supported: true,
      backchannel_logout_supported: false,
    };
    assert.equal(response.body, JSON.stringify(expected));
  });

  it("may be read by any page, and kept for a while", async () => {
    for (const path of ["/.well-known/openid-configuration", "/.well-known/jwks.json"]) {
      const { headers } = await agent.get(path, { origin: "https://any.example" });
      assert.equal(headers["access-control-allow-origin"], "*");
      assert.equal(headers["cache-control"], "public, max-age=15");
    }
  });

  it("keeps old tokens good after a rotation, until their key is revoked", async () => {
    const { keys, store, issuer } = test.tenant.context;
    const { id_token = "" } = await agent.tokens(addApplication(test));
    const verify = async () => {
      const jwks = (await agent.get("/.well-known/jwks.json")).json<JSONWebKeySet>();
      assert.ok(jwks.keys.every((key) => key.alg === "RS256" && key.use === "sig" && !("d" in key)));
      return jwtVerify(id_token, createLocalJWKSet(jwks), { issuer });
    };
    const { protectedHeader } = await verify();
    await keys.rotate();
    await verify();
    assert.notEqual(keys.current().kid, protectedHeader.kid);
    const fresh = await agent.tokens(addApplication(test));
    assert.ok(fresh["id_token"]);
    const old = store.tables.signingKeys.get(protectedHeader.kid ?? "");
    assert.ok(old);
    store.tables.signingKeys.put({ ...old, revoked: true });
    await assert.rejects(verify, { code: "ERR_JWKS_NO_MATCHING_KEY" });
  });

  it("lets pages of registered origins read token answers, and no others", async () => {
    addApplication(test, {
      client: {
        web_origins: ["http://localhost:5173"],
        callbacks: ["https://app.example/cb", "com.example.app:/cb"],
      },
    });
    for (const [path, methods] of [
      ["/oauth/token", "POST"],
      ["/oauth/revoke", "POST"],
      ["/userinfo", "GET, POST"],
    ] as const) {
      const ask = (origin: string) =>
        test.tenant.app.inject({
          method: "OPTIONS",
          url: path,
          headers: { host: test.tenant.context.domain, origin, "access-control-request-method": "POST" },
        });
      for (const origin of ["http://localhost:5173", "https://app.example"]) {
        const response = await ask(origin);
        assert.equal(response.statusCode, 204);
        assert.equal(response.headers["access-control-allow-origin"], origin);
        assert.equal(response.headers["access-control-allow-methods"], methods);
      }
      for (const origin of ["https://evil.example", "null"]) {
        assert.equal((await ask(origin)).headers["access-control-allow-origin"], undefined);
      }
    }
    const origin = "http://localhost:5173";
    for (const answer of [
      await agent.post("/oauth/token", {}, { origin }),
      await agent.post("/oauth/revoke", {}, { origin }),
      await agent.post("/userinfo", {}, { origin }),
      await agent.get("/userinfo", { origin }),
    ]) {
      assert.equal(answer.headers["access-control-allow-origin"], origin);
    }
  });
});

function words(...lines: readonly string[]): string[] {
  return lines.join(" ").split(" ");
}
