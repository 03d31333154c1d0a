import assert from "node:assert/strict";
import { createLocalJWKSet, jwtVerify, SignJWT } from "jose";
import { createIds } from "../../src/store/ids.ts";
import { SigningKeys } from "../../src/store/keys.ts";
import { Store } from "../../src/store/state.ts";

const issuer = "https://localhost:1/";

async function createKeys(now = Date.now) {
  const store = new Store();
  store.domain = "localhost:1";
  const keys = new SigningKeys(store, createIds(), now);
  await keys.ensure();
  return { keys, store };
}

describe("SigningKeys", () => {
  it("signs tokens that anybody can check with the published keys", async () => {
    const { keys } = await createKeys();
    const token = await keys.sign({ iss: issuer, sub: "employee" }, "at+jwt");
    // SAFETY: jwks() has the shape of RFC 7517.
    const published = createLocalJWKSet(keys.jwks());
    const { payload, protectedHeader } = await jwtVerify(token, published, { algorithms: ["RS256"] });
    assert.equal(payload.sub, "employee");
    assert.equal(protectedHeader.typ, "at+jwt");
  });

  it("publishes nothing private", async () => {
    const { keys } = await createKeys();
    const names = new Set(keys.jwks().keys.flatMap((key) => Object.keys(key)));
    assert.deepEqual([...names].sort(), ["alg", "e", "kid", "kty", "n", "use", "x5c", "x5t"]);
  });

  it("goes on accepting tokens of the previous key after a rotation, until that key is revoked", async () => {
    const { keys, store } = await createKeys();
    const old = keys.current();
    const token = await keys.sign({ iss: issuer });
    const current = await keys.rotate();
    assert.notEqual(current.kid, old.kid);
    assert.equal((await keys.verify(token, { issuer })).iss, issuer);
    store.tables.signingKeys.put({ ...old, revoked: true });
    await assert.rejects(keys.verify(token, { issuer }), /unknown key/);
    assert.equal(
      keys.jwks().keys.some((key) => key["kid"] === old.kid),
      false,
    );
  });

  it("has exactly one current, one next and at most one previous key after several rotations", async () => {
    const { keys, store } = await createKeys();
    await keys.rotate();
    await keys.rotate();
    const count = (role: "current" | "next" | "previous") =>
      store.tables.signingKeys.list((key) => key[role]).length;
    assert.deepEqual([count("current"), count("next"), count("previous")], [1, 1, 1]);
  });

  it("refuses an expired token, a foreign audience, another issuer and other algorithms", async () => {
    let now = Date.parse("2026-01-01T00:00:00Z");
    const { keys } = await createKeys(() => now);
    const exp = now / 1000 + 60;
    const token = await keys.sign({ iss: issuer, aud: "https://api", exp });
    await assert.rejects(keys.verify(token, { issuer, audience: "https://other" }), /"aud"/);
    await assert.rejects(keys.verify(token, { issuer: "https://elsewhere/" }), /"iss"/);
    const forged = await new SignJWT({ iss: issuer })
      .setProtectedHeader({ alg: "HS256", kid: keys.current().kid })
      .sign(new TextEncoder().encode(keys.current().cert));
    await assert.rejects(keys.verify(forged, { issuer }), /"alg"/);
    now += 61_000;
    await assert.rejects(keys.verify(token, { issuer }), /"exp"/);
  });
});
