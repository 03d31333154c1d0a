import assert from "node:assert/strict";
import { exportSPKI, generateKeyPair, SignJWT } from "jose";
import { Clock } from "../src/clock.ts";
import { UserError } from "../src/lib/errors.ts";
import { addApplication } from "./support/application.ts";
import { Agent, answerOf, payloadOf } from "./support/oauth.ts";
import { perTest } from "./support/per-suite.ts";
import { startTestTenant } from "./support/tenant.ts";

const NOON = Date.parse("2031-05-06T12:00:00.000Z");

describe("the clock of a tenant", () => {
  it("is advanced by text with a unit, or by milliseconds", () => {
    const clock = new Clock(() => NOON);
    const steps: [string | number, number][] = [
      ["250ms", 250],
      ["90s", 90_000],
      ["15m", 900_000],
      ["1.5h", 5_400_000],
      ["12h", 43_200_000],
      ["30d", 2_592_000_000],
      ["0s", 0],
      [1500, 1500],
      [0.4, 0],
    ];
    let passed = 0;
    for (const [duration, milliseconds] of steps) {
      clock.advance(duration);
      passed += milliseconds;
      assert.equal(clock.now().getTime(), NOON + passed, String(duration));
    }
  });

  const refused: [unknown, string][] = [
    ["30 days", 'The duration "30 days" is malformed.'],
    ["", 'The duration "" is malformed.'],
    ["d", 'The duration "d" is malformed.'],
    ["1d12h", 'The duration "1d12h" is malformed.'],
    ["toString", 'The duration "toString" is malformed.'],
    [Number.NaN, "The duration NaN is malformed."],
    [Infinity, "The duration Infinity is malformed."],
    [undefined, "The duration undefined is malformed."],
    ["-1h", 'The clock cannot be advanced by "-1h": it only goes forward.'],
    [-1, "The clock cannot be advanced by -1: it only goes forward."],
    ["9999999d", 'The clock cannot be advanced by "9999999d": it ends with the year 8999.'],
  ];
  for (const [duration, message] of refused) {
    it(`refuses ${String(duration) || "no text"} as a duration, in one line, and stays where it is`, () => {
      const clock = new Clock(() => NOON);
      // SAFETY: a program in JavaScript may pass anything.
      assert.throws(
        () => clock.advance(duration as string),
        (error: unknown) => {
          assert.ok(error instanceof UserError && error.message.startsWith(message), String(error));
          return !error.message.includes("\n");
        },
      );
      assert.equal(clock.now().getTime(), NOON);
    });
  }

  describe("when it is advanced", () => {
    const test = perTest(() => startTestTenant({ plan: "free", now: () => NOON }));
    const application = perTest(() => addApplication(test));
    const browser = perTest(() => new Agent(test));
    const advance = (duration: string) => test.tenant.context.clock.advance(duration);
    const silently = async () => answerOf(await browser.authorize(application, { prompt: "none" }))["error"];

    it("ends the session of a browser, and what the directory remembers of it", async () => {
      await browser.tokens(application);
      advance("71h");
      assert.equal(await silently(), undefined);
      advance("73h");
      assert.equal(await silently(), "login_required");
      const asked = await browser.authorize(application);
      assert.match(String(asked.headers.location), /^\/u\/login/);
    });

    it("ends a code, a sign-in under way and an access token", async () => {
      const code = await browser.code(application);
      const begun = await new Agent(test).authorize(application);
      const { access_token: token } = await browser.tokens(application);
      const userinfo = async () =>
        (await browser.get("/userinfo", { authorization: `Bearer ${token}` })).statusCode;
      assert.equal(await userinfo(), 200);
      advance("2d");
      assert.equal(await userinfo(), 401);
      assert.equal((await browser.exchange(application, code)).statusCode, 403);
      assert.equal((await browser.pick(begun, "ada.lindqvist@xyz.example")).statusCode, 400);
    });

    it("ends a family of refresh tokens", async () => {
      const { client } = addApplication(test, {
        client: {
          refresh_token: { rotation_type: "rotating", expiration_type: "expiring", token_lifetime: 86_400 },
        },
      });
      const rotating = { ...application, client };
      test.tenant.context.store.tables.connections.put({
        ...application.connection,
        enabled_clients: [client.client_id, application.client.client_id],
      });
      const { client_id, client_secret } = client;
      let { refresh_token } = await browser.tokens(rotating, { scope: "openid offline_access" });
      const refresh = async () => {
        const form = { grant_type: "refresh_token", client_id, client_secret, refresh_token };
        const answer = (await browser.token(form)).json<Record<string, string>>();
        refresh_token = answer["refresh_token"] ?? refresh_token;
        return answer["error"];
      };
      advance("20h");
      assert.equal(await refresh(), undefined);
      advance("5h");
      assert.equal(await refresh(), "invalid_grant");
    });

    it("ends a Management API token, and fills a rate limit's bucket", async () => {
      for (const status of [200, 200, 429]) assert.equal((await test.api("GET", "/roles")).status, status);
      advance("1s");
      assert.equal((await test.api("GET", "/roles")).status, 200);
      advance("1d");
      const refused = await test.api("GET", "/roles");
      assert.match(refused.body.message, /^Expired token/);
    });

    it("forgets a client assertion, which is too old by then", async () => {
      const { privateKey, publicKey } = await generateKeyPair("RS256");
      const { clients, clientCredentials } = test.tenant.context.store.tables;
      const credentials = [{ id: "cred_1" }];
      clients.put({
        ...application.client,
        client_authentication_methods: { private_key_jwt: { credentials } },
      });
      const { client_id: client } = application.client;
      clientCredentials.put({
        id: "cred_1",
        client_id: client,
        pem: await exportSPKI(publicKey),
        alg: "RS256",
      });
      const exp = NOON / 1000 + 200;
      const client_assertion = await new SignJWT({
        iss: client,
        sub: client,
        aud: test.tenant.context.issuer,
        exp,
        jti: "a",
      })
        .setProtectedHeader({ alg: "RS256" })
        .sign(privateKey);
      const { assertions } = test.tenant.context.signIns;
      const ask = async () => {
        const answer = await browser.token({
          grant_type: "refresh_token",
          refresh_token: "unknown",
          client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
          client_assertion,
        });
        return answer.json<Record<string, string>>()["error"];
      };
      assert.equal(await ask(), "invalid_grant");
      assert.equal(await ask(), "invalid_client");
      assert.equal(assertions.get(`${client} a`), true);
      advance("10m");
      assert.equal(await ask(), "invalid_client");
      assert.equal(assertions.get(`${client} a`), undefined);
    });

    it("dates tokens, users and log events", async () => {
      advance("30d");
      const later = NOON + 30 * 86_400_000;
      const { id_token } = await browser.tokens(application);
      assert.equal(payloadOf(id_token)["iat"], later / 1000);
      const { logs, users } = test.tenant.context.store.tables;
      const date = new Date(later).toISOString();
      assert.deepEqual(
        users.list().map((row) => row["created_at"]),
        [date],
      );
      assert.ok(logs.list().every((row) => row["date"] === date));
      assert.ok(logs.size > 0);
    });
  });
});
