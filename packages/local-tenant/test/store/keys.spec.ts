import assert from "node:assert/strict";
import { join } from "node:path";
import { createLocalJWKSet, jwtVerify, SignJWT } from "jose";
import { createIds, seededRandom } from "../../src/store/ids.ts";
import { SigningKeys } from "../../src/store/keys.ts";
import { Store } from "../../src/store/state.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

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
    await keys.ensureAll();
    const names = new Set(keys.jwks().keys.flatMap((key) => Object.keys(key)));
    assert.deepEqual([...names].sort(), ["alg", "e", "kid", "kty", "n", "use", "x5c", "x5t"]);
  });

  it("makes a key once, however many wait for it, and the next one when all are asked for", async () => {
    const store = new Store();
    const keys = new SigningKeys(store, createIds(), Date.now);
    const count = () => store.tables.signingKeys.list().length;
    const waiting = [keys.ensure(), keys.ensure()];
    assert.equal(count(), 0, "the caller goes on meanwhile");
    await Promise.all(waiting);
    assert.equal(count(), 1);
    await Promise.all([keys.ensureAll(), keys.ensureAll()]);
    assert.deepEqual(
      store.tables.signingKeys.list().map(({ current, next }) => ({ current, next })),
      [
        { current: true, next: false },
        { current: false, next: true },
      ],
    );
  });

  it("gives its keys the same ids for the same seed, whatever else draws ids while they are made", async () => {
    const draw = async (others: number) => {
      const store = new Store();
      const ids = createIds(seededRandom("a seed"));
      const keys = new SigningKeys(store, ids, Date.now);
      const made = keys.ensure();
      for (let other = 0; other < others; other++) ids.alphanumeric(5);
      await made;
      await keys.ensureAll();
      return store.tables.signingKeys.list().map(({ kid }) => kid);
    };
    assert.deepEqual(await draw(0), await draw(3));
  });

  it("keeps the keys apart from the changes of the request that asked for them first", () =>
    withTemporaryFolder(async (folder) => {
      const store = new Store(join(folder, "tenant.json"));
      const keys = new SigningKeys(store, createIds(), Date.now);
      const own = store.begin();
      own.tables.documents.put({ path: "branding", value: {} });
      await keys.ensureAll();
      const { signingKeys, documents } = new Store(join(folder, "tenant.json")).tables;
      assert.deepEqual([signingKeys.list().length, documents.list().length], [2, 0]);
      store.close();
    }));

  it("drops a key that is done only after the tenant was closed", async () => {
    const store = new Store();
    const keys = new SigningKeys(store, createIds(), Date.now);
    const made = keys.ensure();
    keys.close();
    await made;
    assert.equal(store.tables.signingKeys.list().length, 0);
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
