import assert from "node:assert/strict";
import { createHash, createPublicKey } from "node:crypto";
import type { Client, Credential } from "../support/answers.ts";
import { makeCertificate } from "../support/certificate.ts";
import type { TestCertificate } from "../support/certificate.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

/** A certificate whose subject has several names: C=DE, O=XYZ, CN=Machine. */
const NAMES = `-----BEGIN CERTIFICATE-----
MIIBsDCCAVWgAwIBAgIUGeOnTyoOuxkQg4FS3pAXq3zZKV0wCgYIKoZIzj0EAwIw
LTELMAkGA1UEBhMCREUxDDAKBgNVBAoMA1hZWjEQMA4GA1UEAwwHTWFjaGluZTAe
Fw0yNjExMjYxMzA5MjRaFw0zNjExMjMxMzA5MjRaMC0xCzAJBgNVBAYTAkRFMQww
CgYDVQQKDANYWVoxEDAOBgNVBAMMB01hY2hpbmUwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQG/jSo7CNAiDrEq8ElejQlg/pGuzqrywkFyIYECvE6S7BORNPaq/sb
S/BpcxNm8/OGfaXyo36EK8QedyE+G8fPo1MwUTAdBgNVHQ4EFgQUa4rUEzYJptlh
qAEUNAFIi/2tXqowHwYDVR0jBBgwFoAUa4rUEzYJptlhqAEUNAFIi/2tXqowDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAyCkoXnFo3B8axzTM7NxO
CBsZ8PiXwUTarUQGBlJCoQkCIQDnfKjjz6cyqJXG7VRfnq0l+S0hxRUnN/zm0nss
m2C+sQ==
-----END CERTIFICATE-----`;

describe("What a credential is made of", () => {
  let now = Date.parse("2026-03-01T12:00:00.000Z");
  const test = perSuite(() => startTestTenant({ now: () => now }));
  const until = new Date("2027-01-02T03:04:05.000Z");
  let clientId: string;
  let path: string;
  let certificate: TestCertificate;
  let pem: string;
  before(async () => {
    certificate = await makeCertificate("Machine", until);
    pem = createPublicKey(certificate.pem).export({ type: "spki", format: "pem" }).toString();
    const body = { name: "keyed", app_type: "non_interactive" };
    clientId = (await test.api<Client>("POST", "/clients", body)).body.client_id;
    path = `/clients/${clientId}/credentials`;
  });

  const sha256 = (der: Buffer) => createHash("sha256").update(der).digest("base64url");
  const derOf = (text: string) => Buffer.from(text.replaceAll(/-----[A-Z ]+-----|\s/g, ""), "base64");

  /** What a POST answers, without what each credential has: its id and its dates. */
  async function made(body: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { status, body: answer } = await test.api<Record<string, unknown>>("POST", path, body);
    assert.equal(status, 201, JSON.stringify(answer));
    const { id, created_at, updated_at, ...rest } = answer;
    assert.match(String(id), /^cred_/);
    assert.deepEqual([created_at, updated_at], Array(2).fill(new Date(now).toISOString()));
    return rest;
  }

  it("is a public key with its thumbprint as kid and RS256 as algorithm, unless they are given", async () => {
    const credential_type = "public_key";
    assert.deepEqual(await made({ credential_type, pem }), {
      credential_type,
      kid: sha256(derOf(pem)),
      alg: "RS256",
    });
    const given = { credential_type, name: "next", kid: "a-kid-of-one's-own", alg: "PS256" };
    assert.deepEqual(await made({ ...given, pem }), given);
  });

  it("is the key in a certificate, whose end counts where that is asked for", async () => {
    const credential_type = "public_key";
    const key = { credential_type, kid: sha256(derOf(pem)), alg: "RS256" };
    const body = { credential_type, pem: certificate.pem };
    assert.deepEqual(await made(body), key);
    assert.deepEqual(await made({ ...body, parse_expiry_from_cert: false }), key);
    assert.deepEqual(await made({ ...body, parse_expiry_from_cert: true }), {
      ...key,
      expires_at: until.toISOString(),
    });
    const expires_at = "2026-12-01T00:00:00.000Z";
    assert.deepEqual(await made({ ...body, expires_at }), { ...key, expires_at });
  });

  it("is a whole certificate with its thumbprint and its end", async () => {
    const credential_type = "x509_cert";
    assert.deepEqual(await made({ credential_type, pem: certificate.pem }), {
      credential_type,
      thumbprint_sha256: sha256(derOf(certificate.pem)),
      expires_at: until.toISOString(),
    });
  });

  it("is the subject of a certificate, most specific name first, or one that is given", async () => {
    const credential_type = "cert_subject_dn";
    const read = await made({ credential_type, pem: NAMES });
    assert.deepEqual(read, { credential_type, subject_dn: "CN=Machine,O=XYZ,C=DE" });
    const subject_dn = "CN=Other,O=XYZ,C=DE";
    assert.deepEqual(await made({ credential_type, subject_dn }), { credential_type, subject_dn });
  });

  it("cannot be read from what is no certificate", async () => {
    for (const credential_type of ["x509_cert", "cert_subject_dn"]) {
      for (const text of [pem, undefined]) {
        const answer = await test.api("POST", path, {
          credential_type,
          ...(text !== undefined && { pem: text }),
        });
        assert.equal(answer.status, 400);
        assert.equal(answer.body.errorCode, "invalid_body");
        assert.equal(answer.body.message, "The pem is not a valid certificate.");
      }
    }
    const key = await test.api("POST", path, { credential_type: "public_key", pem: "no key" });
    assert.equal(key.body.message, "The pem is not a valid public key or certificate.");
  });

  it("keeps within Auth0's limits", async () => {
    const base = { credential_type: "cert_subject_dn", subject_dn: "CN=a" };
    const limits: [body: Record<string, unknown>, status: number][] = [
      [{ subject_dn: "CN=a" }, 400],
      [{ ...base, credential_type: "password" }, 400],
      [{ ...base, more: "" }, 400],
      [{ ...base, name: "n".repeat(128) }, 201],
      [{ ...base, name: "n".repeat(129) }, 400],
      [{ ...base, subject_dn: "s".repeat(256) }, 201],
      [{ ...base, subject_dn: "s".repeat(257) }, 400],
      [{ ...base, pem: "p".repeat(4096) }, 201],
      [{ ...base, pem: "p".repeat(4097) }, 400],
      [{ ...base, alg: "RS384" }, 201],
      [{ ...base, alg: "ES256" }, 400],
      [{ ...base, kid: "k".repeat(10) }, 201],
      [{ ...base, kid: "k".repeat(9) }, 400],
      [{ ...base, kid: "k".repeat(64) }, 201],
      [{ ...base, kid: "k".repeat(65) }, 400],
      [{ ...base, expires_at: "next year" }, 400],
      [{ ...base, parse_expiry_from_cert: "yes" }, 400],
    ];
    for (const [body, status] of limits) {
      assert.equal((await test.api("POST", path, body)).status, status, JSON.stringify(body).slice(0, 80));
    }
  });

  it("changes nothing but its end and the time of the change", async () => {
    const { body } = await test.api<Credential>("POST", path, {
      credential_type: "public_key",
      pem,
      expires_at: "2026-12-01T00:00:00.000Z",
    });
    now += 60_000;
    const updated_at = new Date(now).toISOString();
    const patch = (change: object) => test.api<Credential>("PATCH", `${path}/${body.id}`, change);
    assert.deepEqual((await patch({})).body, { ...body, updated_at });
    const expires_at = "2026-11-01T00:00:00.000Z";
    assert.deepEqual((await patch({ expires_at })).body, { ...body, expires_at, updated_at });
    for (const change of [{ expires_at: "never" }, { kid: "another-kid" }]) {
      assert.equal((await patch(change)).status, 400, JSON.stringify(change));
    }
    assert.deepEqual((await test.api("GET", `${path}/${body.id}`)).body, { ...body, expires_at, updated_at });
  });

  describe("that comes with a new client", () => {
    const inline = (key: string, credential: Record<string, unknown>) =>
      test.api<
        Client & Record<string, { credentials?: object[] } & Record<string, { credentials: object[] }>>
      >(
        "POST",
        "/clients",
        key === "signed_request_object"
          ? { name: key, signed_request_object: { required: true, credentials: [credential] } }
          : { name: key, client_authentication_methods: { [key]: { credentials: [credential] } } },
      );

    it("is stored, and the client refers to it by its id and does not let it be deleted", async () => {
      for (const [key, credential] of [
        ["private_key_jwt", { credential_type: "public_key", pem }],
        ["tls_client_auth", { credential_type: "cert_subject_dn", subject_dn: "CN=a" }],
        ["self_signed_tls_client_auth", { credential_type: "x509_cert", pem: certificate.pem }],
        ["signed_request_object", { credential_type: "public_key", pem }],
      ] as const) {
        const { status, body } = await inline(key, credential);
        assert.equal(status, 201, key);
        const own = `/clients/${body.client_id}/credentials`;
        const [stored, ...others] = (await test.api<Credential[]>("GET", own)).body;
        assert.deepEqual([stored?.id.slice(0, 5), others], ["cred_", []], key);
        const holder =
          key === "signed_request_object" ? body[key] : body["client_authentication_methods"]?.[key];
        assert.deepEqual(holder?.credentials, [{ id: stored?.id }], key);
        const refused = await test.api("DELETE", `${own}/${stored?.id}`);
        assert.deepEqual(
          [refused.status, refused.body.errorCode, refused.body.message],
          [
            400,
            "invalid_body",
            "The credential is in use by the client. Remove it from client_authentication_methods first.",
          ],
          key,
        );
      }
    });

    it("is refused where it is none, and so is the client", async () => {
      const refused = await inline("private_key_jwt", { credential_type: "public_key", pem: "no key" });
      assert.equal(refused.status, 400);
      const clients = await test.api<Client[]>("GET", "/clients");
      assert.equal(clients.body.filter(({ name }) => name === "private_key_jwt").length, 1);
    });
  });

  it("is shown, made, changed and deleted by a scope for each", async () => {
    const { body } = await test.api<Credential>("POST", path, {
      credential_type: "cert_subject_dn",
      subject_dn: "CN=a",
    });
    const one = `${path}/${body.id}`;
    const calls = [
      ["read", "GET", path, undefined, 200],
      ["read", "GET", one, undefined, 200],
      ["create", "POST", path, { credential_type: "cert_subject_dn", subject_dn: "CN=b" }, 201],
      ["update", "PATCH", one, { expires_at: null }, 200],
      ["delete", "DELETE", one, undefined, 204],
    ] as const;
    for (const [verb, method, at, sent, status] of calls) {
      const others = ["read", "create", "update", "delete"].filter((other) => other !== verb);
      const without = test.apiWith(others.map((other) => `${other}:client_credentials`));
      const refused = await without(method, at, sent);
      assert.equal(refused.status, 403, `${method} ${at}`);
      assert.match(refused.body.message, new RegExp(`${verb}:client_credentials$`));
      const having = test.apiWith([`${verb}:client_credentials`]);
      assert.equal((await having(method, at, sent)).status, status, `${method} ${at}`);
    }
  });

  it("is one of a client that exists", async () => {
    const subject = { credential_type: "cert_subject_dn", subject_dn: "CN=a" };
    for (const [method, at, sent] of [
      ["GET", "/clients/nobody/credentials", undefined],
      ["POST", "/clients/nobody/credentials", subject],
      ["GET", "/clients/nobody/credentials/cred_1", undefined],
    ] as const) {
      const answer = await test.api(method, at, sent);
      assert.deepEqual([answer.status, answer.body.errorCode], [404, "inexistent_client"]);
    }
    const unknown = await test.api("GET", `${path}/cred_1`);
    assert.deepEqual(unknown.body, {
      statusCode: 404,
      error: "Not Found",
      message: "The credential does not exist",
      errorCode: "inexistent_credential",
    });
  });
});
