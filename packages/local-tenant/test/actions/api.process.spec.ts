import assert from "node:assert/strict";
import { action, answer, flow, handler, printed, withRunner } from "./harness.ts";

describe("the api object", () => {
  const { run } = withRunner();

  /**
   * Runs statements, each in a `try`, and answers the messages of what they throw, `null` where nothing is
   * thrown.
   */
  const messages = async (...statements: string[]) => {
    const attempts = statements.map((text) => `attempt(() => ${text})`).join(",");
    const outcome = await run(
      handler(`const attempt = (f) => { try { f(); return null; } catch (error) { return error.message; } };
               console.log(JSON.stringify([${attempts}]));`),
    );
    return { outcome, thrown: answer(outcome) as (string | null)[] };
  };

  it("returns itself where that is documented, for chaining", async () => {
    const outcome = await run(
      handler(`api.idToken.setCustomClaim("a", 1).accessToken.setCustomClaim("b", 2).user.setAppMetadata("c", 3)
                  .user.setUserMetadata("d", 4).samlResponse.setAttribute("e", "5").samlResponse.setIssuer("me")
                  .redirect.sendUserTo("https://a.example/").access.deny("end");`),
    );
    assert.equal(outcome.status, "denied");
    assert.deepEqual(outcome.samlAttributes, { e: "5" });
    assert.deepEqual(outcome.samlConfiguration, { issuer: "me" });
  });

  it("takes any claim but scope", async () => {
    const { outcome, thrown } = await messages(
      `api.idToken.setCustomClaim("scope", "all")`,
      `api.accessToken.setCustomClaim("scope", "all")`,
      `api.idToken.setCustomClaim("sub", "eve")`,
      `api.idToken.setCustomClaim("__proto__", { admin: true })`,
      `api.idToken.setCustomClaim("gone", 1).idToken.setCustomClaim("gone", undefined)`,
      `api.idToken.setCustomClaim("nothing", null)`,
    );
    assert.deepEqual(thrown, [
      'The "scope" claim cannot be set.',
      'The "scope" claim cannot be set.',
      null,
      null,
      null,
      null,
    ]);
    assert.deepEqual(outcome.idTokenClaims, { sub: "eve", nothing: null });
  });

  it("keeps a claim as it was when it was set, and refuses at once what is not JSON", async () => {
    const outcome = await run(
      handler(`const groups = ["a"]; api.idToken.setCustomClaim("groups", groups); groups.push("b");
               const loop = {}; loop.loop = loop; const seen = [];
               for (const value of [loop, 1n, { toJSON() { throw new Error("bomb"); } }, { get x() { throw new Error("trap"); } }])
                 try { api.idToken.setCustomClaim("bad", value); } catch (error) { seen.push(error.message.split("\\n")[0]); }
               console.log(JSON.stringify(seen));`),
    );
    assert.deepEqual(outcome.idTokenClaims, { groups: ["a"] });
    assert.deepEqual(answer(outcome), [
      "Converting circular structure to JSON",
      "Do not know how to serialize a BigInt",
      "bomb",
      "trap",
    ]);
  });

  it("adds and removes scopes, the last word counts", async () => {
    const { outcome, thrown } = await messages(
      `api.accessToken.addScope("read:a")`,
      `api.accessToken.addScope("read:b")`,
      `api.accessToken.removeScope("read:b")`,
      `api.accessToken.addScope("")`,
      `api.accessToken.addScope("two words")`,
      `api.accessToken.addScope("x".repeat(281))`,
      `{ for (let i = 0; i < 1000; i++) api.accessToken.addScope("s" + i); }`,
    );
    const invalid = "A scope must be a string of 1 to 280 characters without whitespace.";
    assert.deepEqual(thrown.slice(0, 6), [null, null, null, invalid, invalid, invalid]);
    assert.equal(thrown[6], "An Action changes at most 1000 scopes.");
    assert.deepEqual(outcome.scopes.removed, ["read:b"]);
    assert.equal(outcome.scopes.added[0], "read:a");
  });

  it("holds transaction metadata to its limits", async () => {
    const { outcome, thrown } = await messages(
      `api.transaction.setMetadata("k".repeat(64), "x")`,
      `api.transaction.setMetadata("k".repeat(65), "x")`,
      `api.transaction.setMetadata("object", {})`,
      `api.transaction.setMetadata("infinite", Infinity)`,
      `api.transaction.setMetadata("big", "x".repeat(8192))`,
      `api.transaction.setMetadata("bigger", "x".repeat(8193))`,
      `api.transaction.setMetadata("second", "x".repeat(8192))`,
    );
    assert.deepEqual(thrown, [
      null,
      "The key of transaction metadata must be a string of 1 to 64 characters.",
      'The value of the transaction metadata "object" must be a string, a number, a boolean or null.',
      'The value of the transaction metadata "infinite" must be a string, a number, a boolean or null.',
      null,
      'The value of the transaction metadata "bigger" exceeds the limit of 8192 bytes.',
      "The transaction metadata would exceed the limit of 16384 bytes in total.",
    ]);
    assert.deepEqual(Object.keys(outcome.transactionMetadata), ["k".repeat(64), "big"]);
  });

  it("holds SAML attributes to their limits, over all Actions of the flow", async () => {
    const first = handler(`for (let i = 0; i < 99; i++) api.samlResponse.setAttribute("a" + i, i);`);
    const second = handler(`const seen = [];
      for (const [name, value] of [["n", undefined], ["more", 1], ["a0", {}], ["a0", "x".repeat(2049)], ["", "x"]])
        try { api.samlResponse.setAttribute(name, value); seen.push(null); } catch (error) { seen.push(error.message); }
      console.log(JSON.stringify(seen));`);
    const outcome = await run([first, second]);
    const value = `The value of the SAML attribute "a0" must be a string, number or boolean of at most 2048 bytes, or an array of those.`;
    assert.deepEqual(answer(outcome), [
      null,
      "A SAML response has at most 100 attributes.",
      value,
      value,
      "The name of a SAML attribute must be a string of 1 to 1024 bytes.",
    ]);
    assert.equal(outcome.samlAttributes["n"], null);
    assert.equal(Object.keys(outcome.samlAttributes).length, 100);
  });

  it("checks the SAML configuration", async () => {
    const { outcome, thrown } = await messages(
      `api.samlResponse.setSignatureAlgorithm("rsa-sha256").samlResponse.setLifetimeInSeconds(60)`,
      `api.samlResponse.setDigestAlgorithm("md5")`,
      `api.samlResponse.setSignResponse("yes")`,
    );
    assert.deepEqual(outcome.samlConfiguration, { signatureAlgorithm: "rsa-sha256", lifetimeInSeconds: 60 });
    assert.equal(
      thrown[1],
      "The value given to api.samlResponse.setDigestAlgorithm must be one of sha256, sha1.",
    );
    assert.equal(thrown[2], "The value given to api.samlResponse.setSignResponse must be a boolean.");
  });

  const missing = [
    "authentication.challengeWith",
    "authentication.challengeWithAny",
    "authentication.enrollWith",
    "authentication.enrollWithAny",
    "authentication.setPrimaryUser",
    "multifactor.enable",
    "prompt.render",
  ];
  it("fails the sign-in where a part is not built, even if the Action catches that", async () => {
    for (const name of missing) {
      const outcome = await run(handler(`try { api.${name}("any"); } catch {}`));
      assert.equal(outcome.status, "failed", name);
      assert.deepEqual(outcome.error?.kind, "unsupported");
      assert.equal(outcome.error?.message, `api.${name} is not built in the local tenant.`);
    }
  });

  it('does not ask for a second factor where the provider is "none", and has no rules', async () => {
    const outcome = await run(
      handler(`api.multifactor.enable("none"); console.log(api.rules.wasExecuted("rul_1"));`),
    );
    assert.equal(outcome.status, "completed");
    assert.deepEqual(printed(outcome), ["false"]);
  });

  it("refuses a sign-in by a validation error, with its code", async () => {
    const refusing = handler(`api.validation.error("no_shift", "You are not on shift.");`);
    const outcome = await run(refusing);
    assert.deepEqual(outcome.denial, {
      reason: "You are not on shift.",
      code: "no_shift",
      actionId: refusing.id,
    });
  });

  it("records a custom method only after a redirect", async () => {
    const recording = action(`
      const record = (api, url) => { try { api.authentication.recordMethod(url); } catch (error) { console.log(error.message); } };
      exports.onExecutePostLogin = async (event, api) => record(api, "https://mfa.example/");
      exports.onContinuePostLogin = async (event, api) => { record(api, "https://mfa.example/"); record(api, "mfa"); };`);
    const first = await run(recording);
    assert.deepEqual(printed(first), [
      "api.authentication.recordMethod can only be called from onContinuePostLogin.",
    ]);
    const second = await run(recording, { entry: "onContinuePostLogin", resumeAt: recording.id });
    assert.deepEqual(second.recordedMethods, ["https://mfa.example/"]);
    assert.deepEqual(printed(second), ["api.authentication.recordMethod needs an http: or https: URL."]);
  });

  it("takes changes to the session and the refresh token, the earliest expiry counts", async () => {
    const { event } = flow([]);
    const outcome = await run(
      handler(`api.session.setExpiresAt(2000); api.session.setExpiresAt(1000); api.session.setExpiresAt(3000);
               api.session.setIdleExpiresAt(500); api.session.setCookieMode("non-persistent");
               api.session.setMetadata("device", "laptop"); api.session.deleteMetadata("old");
               api.refreshToken.setMetadata("a", "b"); api.refreshToken.evictMetadata();
               console.log(JSON.stringify(event.session.metadata));`),
      { event: { ...event, session: { id: "s", metadata: { old: "x" } } } },
    );
    assert.deepEqual(outcome.session, {
      expiresAt: 1000,
      idleExpiresAt: 500,
      cookieMode: "non-persistent",
      metadata: { device: "laptop" },
    });
    assert.deepEqual(outcome.refreshToken, { metadata: {} });
    assert.deepEqual(printed(outcome), [`{"device":"laptop"}`]);
  });

  it("denies the sign-in where the session is revoked", async () => {
    const revoking = handler(`api.session.revoke("Stolen.", { preserveRefreshTokens: true });`);
    const outcome = await run(revoking);
    assert.deepEqual(outcome.denial, { reason: "Stolen.", actionId: revoking.id });
    assert.deepEqual(outcome.session.revoked, { reason: "Stolen.", preserveRefreshTokens: true });
  });

  it("refuses session metadata that does not fit", async () => {
    const { thrown } = await messages(
      `api.session.setMetadata("a", "b")`,
      `api.refreshToken.setMetadata("a b", "c")`,
      `api.refreshToken.setMetadata("a", "x".repeat(256))`,
      `{ for (let i = 0; i < 26; i++) api.refreshToken.setMetadata("k" + i, "v"); }`,
      `api.session.setCookieMode("forever")`,
      `api.refreshToken.setExpiresAt(0)`,
    );
    assert.deepEqual(thrown, [
      "Failed to set session metadata: Cannot set metadata on a session that does not exist.",
      "Failed to set refresh token metadata: Invalid metadata: keys are 1 to 255 letters, digits, underscores or hyphens.",
      "Failed to set refresh token metadata: Invalid metadata: values are strings of at most 255 characters without a null byte.",
      "Failed to set refresh token metadata: Invalid metadata: at most 25 entries.",
      "Invalid cookie mode: forever. Valid values are 'persistent' and 'non-persistent'.",
      "The expiration time of a refresh token must be given in milliseconds since the Unix epoch.",
    ]);
  });
});

describe("a token for the way through another site", () => {
  const { run } = withRunner();
  const secret = "a shared secret";
  const encoding = action(
    `
    const { createHmac } = require("node:crypto");
    const sign = (claims, secret, header = { alg: "HS256" }) => {
      const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
      return text + "." + createHmac("sha256", secret).update(text).digest("base64url");
    };
    exports.onExecutePostLogin = async (event, api) => {
      const token = api.redirect.encodeToken({ secret: event.secrets.KEY, payload: { cart: 7 }, expiresInSeconds: 60 });
      console.log(JSON.stringify(token.split(".").slice(0, 2).map((part) => JSON.parse(Buffer.from(part, "base64url")))));
    };
    exports.onContinuePostLogin = async (event, api) => {
      const { claims, header, key, name } = event.request.body;
      const options = { secret: event.secrets.KEY };
      if (claims !== undefined) event.request.query.session_token = sign(claims, key ?? event.secrets.KEY, header);
      if (name !== undefined) options.tokenParameterName = name;
      try { console.log(JSON.stringify(api.redirect.validateToken(options))); }
      catch (error) { console.log(JSON.stringify(error.message)); }
    };`,
    { secrets: { KEY: secret } },
  );

  const validate = async (body: Record<string, unknown>) => {
    const { event } = flow([]);
    const outcome = await run(encoding, {
      entry: "onContinuePostLogin",
      resumeAt: encoding.id,
      event: { ...event, request: { hostname: "localhost:8443", query: { state: "st" }, body } },
    });
    return answer(outcome);
  };
  // Read when a test runs: the whole suite may take longer than a minute to get here.
  const soon = () => Math.floor(Date.now() / 1000) + 60;

  it("carries who signs in, where, and the payload", async () => {
    const [header, claims] = answer(await run(encoding)) as [unknown, Record<string, unknown>];
    assert.deepEqual(header, { typ: "JWT", alg: "HS256" });
    const { iat, exp, ...rest } = claims;
    assert.equal(Number(exp) - Number(iat), 60);
    assert.deepEqual(rest, { iss: "localhost:8443", sub: "waad|ada", ip: "127.0.0.1", cart: 7 });
  });

  it("is believed when it comes back signed, in time and with the state of this sign-in", async () => {
    const claims = { sub: "waad|ada", exp: soon(), state: "st", accepted: true };
    assert.deepEqual(await validate({ claims }), claims);
  });

  it("is refused otherwise", async () => {
    const good = { sub: "waad|ada", exp: soon(), state: "st" };
    assert.equal(
      await validate({ claims: good, key: "guess" }),
      "The session token is invalid: invalid signature",
    );
    assert.equal(
      await validate({ claims: { ...good, exp: 1 } }),
      "The session token is invalid: jwt expired",
    );
    assert.equal(
      await validate({ claims: { ...good, state: "other" } }),
      "The session token is invalid: State in the token does not match the /continue state.",
    );
    assert.match(String(await validate({ claims: { ...good, sub: "eve" } })), /Subject in the token/);
    assert.match(String(await validate({ claims: good, header: { alg: "none" } })), /invalid algorithm/);
    assert.match(String(await validate({ session_token: "a.b" })), /jwt malformed/);
    assert.equal(
      await validate({ name: "ticket" }),
      "There is no parameter called 'ticket' available in either the POST body or query string.",
    );
  });
});
