import assert from "node:assert/strict";
import { createLocalJWKSet, jwtVerify } from "jose";
import type { JSONWebKeySet } from "jose";
import { addApplication } from "../support/application.ts";
import { Agent } from "../support/oauth.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

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
    for (const path of ["/oauth/token", "/userinfo"]) {
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
        assert.match(String(response.headers["access-control-allow-methods"]), /POST/);
      }
      for (const origin of ["https://evil.example", "null"]) {
        assert.equal((await ask(origin)).headers["access-control-allow-origin"], undefined);
      }
    }
    const answer = await agent.post("/oauth/token", {}, { origin: "http://localhost:5173" });
    assert.equal(answer.headers["access-control-allow-origin"], "http://localhost:5173");
  });
});
