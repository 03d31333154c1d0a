import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { SignJWT, UnsecuredJWT } from "jose";
import type { CryptoKey, JWTPayload } from "jose";
import type { ClientEntity } from "../../src/store/entities.ts";
import { makeCertificate } from "../support/certificate.ts";
import { Agent, payloadOf } from "../support/oauth.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

const TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

describe("private_key_jwt", () => {
  let now = Date.now();
  const test = perSuite(() => startTestTenant({ now: () => now }));
  const agent = perSuite(() => new Agent(test));
  const audience = "https://api.example/";
  let privateKey: KeyObject;
  let pem: string;
  let other: { readonly privateKey: KeyObject; readonly pem: string };
  let counter = 0;

  before(() => {
    ({ privateKey, pem } = makeKey());
    other = makeKey();
    test.tenant.context.store.tables.resourceServers.put({
      id: "api",
      identifier: audience,
      name: "API",
      scopes: [{ value: "read:a" }],
    });
    addClient("keyed", { pem });
  });

  /** A client with a grant for the API and with these keys. */
  function addClient(
    id: string,
    ...keys: { readonly pem: string; readonly alg?: string; readonly expires_at?: string }[]
  ): ClientEntity {
    const { clients, clientCredentials, clientGrants } = test.tenant.context.store.tables;
    const credentials = keys.map((key, index) => {
      const credential = { id: `cred_${id}_${index}`, client_id: id, alg: "RS256", ...key };
      return { id: clientCredentials.put(credential).id };
    });
    clientGrants.put({ id: `cgr_${id}`, client_id: id, audience, scope: ["read:a"] });
    return clients.put({
      client_id: id,
      client_secret: "a secret",
      name: id,
      grant_types: ["client_credentials"],
      ...(keys.length > 0 && { client_authentication_methods: { private_key_jwt: { credentials } } }),
    });
  }

  const seconds = () => Math.floor(now / 1000);
  const claims = (client = "keyed"): JWTPayload => ({
    iss: client,
    sub: client,
    aud: test.tenant.context.issuer,
    iat: seconds(),
    exp: seconds() + 60,
    jti: `id-${counter++}`,
  });
  const sign = (payload: JWTPayload, key: CryptoKey | KeyObject = privateKey, alg = "RS256") =>
    new SignJWT(payload).setProtectedHeader({ alg }).sign(key);
  const prove = (client_assertion: string | undefined, changes: Record<string, string | undefined> = {}) =>
    agent.token({
      grant_type: "client_credentials",
      audience,
      client_assertion_type: TYPE,
      client_assertion,
      ...changes,
    });
  const invalid = { error: "invalid_client", error_description: "Invalid client assertion" };
  async function assertRefused(client_assertion: string, why?: string): Promise<void> {
    const response = await prove(client_assertion);
    assert.deepEqual([response.statusCode, response.json()], [401, invalid], why);
  }
  async function assertTaken(client_assertion: string, why?: string): Promise<void> {
    const response = await prove(client_assertion);
    assert.equal(response.statusCode, 200, `${why ?? ""} ${response.body}`);
  }

  it("takes an assertion once", async () => {
    const assertion = await sign(claims());
    const first = await prove(assertion);
    assert.equal(first.statusCode, 200, first.body);
    assert.equal(payloadOf(first.json<Record<string, string>>()["access_token"])["sub"], "keyed@clients");
    await assertRefused(assertion);
  });

  it("takes none a second time as long as its end is forgiven, and forgets it then", async () => {
    const { signIns } = test.tenant.context;
    const before = signIns.assertions.size;
    const assertion = await sign({ ...claims(), exp: seconds() + 10 });
    await assertTaken(assertion);
    now += 13_000;
    await assertRefused(assertion);
    now += 60_000;
    await assertTaken(await sign(claims()));
    assert.ok(signIns.assertions.size <= before + 1, `${signIns.assertions.size} ids are remembered`);
  });

  it("takes the same id from two clients", async () => {
    addClient("twin", { pem });
    for (const client of ["keyed", "twin"]) {
      await assertTaken(await sign({ ...claims(client), jti: "the-same" }), client);
    }
  });

  it("takes the token endpoint as the audience too", async () => {
    await assertTaken(await sign({ ...claims(), aud: `${test.tenant.context.issuer}oauth/token` }));
  });

  it("refuses the secret that the client still has", async () => {
    const response = await prove(undefined, {
      client_assertion_type: undefined,
      client_id: "keyed",
      client_secret: "a secret",
    });
    assert.deepEqual(response.json(), { error: "access_denied", error_description: "Unauthorized" });
  });

  it("needs the assertion and its type", async () => {
    const assertion = await sign(claims());
    for (const [sent, client_assertion_type] of [
      [assertion, undefined],
      [assertion, "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"],
      [undefined, TYPE],
    ] as const) {
      const response = await prove(sent, { client_assertion_type });
      assert.equal(response.statusCode, 400);
      assert.deepEqual(response.json(), {
        error: "invalid_request",
        error_description: `client_assertion must come with client_assertion_type ${TYPE}`,
      });
    }
  });

  it("takes a client_id beside the assertion where it is the same client's", async () => {
    assert.equal((await prove(await sign(claims()), { client_id: "keyed" })).statusCode, 200);
    const other = await prove(await sign(claims()), { client_id: "twin" });
    assert.deepEqual(other.json(), {
      error: "invalid_client",
      error_description: "client_id is not the subject of the client assertion",
    });
  });

  it("is not set up for a client that is unknown or has no key", async () => {
    addClient("keyless");
    for (const assertion of [
      await sign(claims("nobody")),
      await sign(claims("keyless")),
      "x.y.z",
      "nothing",
    ]) {
      const response = await prove(assertion);
      assert.equal(response.statusCode, 401, assertion);
      assert.deepEqual(response.json(), {
        error: "invalid_client",
        error_description: "Client authentication by an assertion is not set up",
      });
    }
  });

  const without = (name: "jti" | "exp"): JWTPayload => {
    const rest = claims();
    delete rest[name];
    return rest;
  };
  const faults: [string, () => JWTPayload][] = [
    ["for another audience", () => ({ ...claims(), aud: "https://elsewhere.example/" })],
    ["of another issuer", () => ({ ...claims(), iss: "machine" })],
    ["with an empty id", () => ({ ...claims(), jti: "" })],
    ["without an id", () => without("jti")],
    ["without an end", () => without("exp")],
  ];
  for (const [what, payload] of faults) {
    it(`refuses an assertion ${what}`, async () => assertRefused(await sign(payload())));
  }

  it("judges an assertion by the tenant's clock, with five seconds to spare", async () => {
    now += 86_400_000;
    for (const end of [-3, 60, 300]) {
      await assertTaken(await sign({ ...claims(), exp: seconds() + end }), String(end));
    }
    for (const end of [-7, 320]) {
      await assertRefused(await sign({ ...claims(), exp: seconds() + end }), String(end));
    }
  });

  it("refuses another client's key, even where a client names its credential", async () => {
    const borrower = addClient("borrower", { pem });
    test.tenant.context.store.tables.clients.put({
      ...borrower,
      client_authentication_methods: { private_key_jwt: { credentials: [{ id: "cred_keyed_0" }] } },
    });
    assert.equal((await prove(await sign(claims("borrower")))).statusCode, 401);
  });

  it("refuses another key, and a missing signature", async () => {
    for (const assertion of [await sign(claims(), other.privateKey), new UnsecuredJWT(claims()).encode()]) {
      await assertRefused(assertion);
    }
  });

  it("takes each of a client's keys, so that they can be changed one after the other", async () => {
    addClient("rotating", { pem }, { pem: other.pem });
    await assertTaken(await sign(claims("rotating"), privateKey), "old");
    await assertTaken(await sign(claims("rotating"), other.privateKey), "new");
  });

  for (const alg of ["RS384", "PS256"]) {
    it(`takes ${alg} where the credential says so, and then no other algorithm`, async () => {
      addClient(alg, { pem, alg });
      await assertTaken(await sign(claims(alg), privateKey, alg));
      await assertRefused(await sign(claims(alg)));
      await assertRefused(await sign(claims(), privateKey, alg));
    });
  }

  it("takes a key no longer than its end, in whichever time zone that is written", async () => {
    const at = (milliseconds: number) => new Date(milliseconds).toISOString();
    const end = now + 3_600_000;
    const written = [
      at(end),
      `${at(end + 2 * 3_600_000).slice(0, -1)}+02:00`,
      `${at(end - 7_200_000).slice(0, -1)}-02:00`,
    ];
    for (const [index, expires_at] of written.entries()) addClient(`ending-${index}`, { pem, expires_at });
    const each = async (outcome: (assertion: string, why?: string) => Promise<void>) => {
      for (const [index, expires_at] of written.entries()) {
        await outcome(await sign(claims(`ending-${index}`)), expires_at);
      }
    };
    now = end - 1;
    await each(assertTaken);
    now = end;
    await each(async (assertion, why) => assert.equal((await prove(assertion)).statusCode, 401, why));
  });

  it("takes a key that came as a certificate or in the form of PKCS #1", async () => {
    const certificate = await makeCertificate("Machine", new Date(now + 86_400_000));
    const pkcs1 = createPublicKey(certificate.pem).export({ type: "pkcs1", format: "pem" }).toString();
    for (const [id, text] of [
      ["with-certificate", certificate.pem],
      ["pkcs1", pkcs1],
    ] as const) {
      addClient(id, { pem: text });
      await assertTaken(await sign(claims(id), certificate.privateKey), id);
    }
  });
});

function makeKey(): { privateKey: KeyObject; pem: string } {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { privateKey, pem: publicKey.export({ type: "spki", format: "pem" }).toString() };
}
