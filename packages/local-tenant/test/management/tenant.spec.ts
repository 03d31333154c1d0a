import assert from "node:assert/strict";
import type { LogEvent, SigningKey, TenantSettings } from "../support/answers.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

const PATH = "/tenants/settings";

describe("Settings and logs of the tenant", () => {
  const test = perSuite(() => startTestTenant());

  const settings = async () => (await test.api<TenantSettings>("GET", PATH)).body;
  const patch = async (body: object) => (await test.api<TenantSettings>("PATCH", PATH, body)).body;

  it("merge flags one by one and other settings as a whole", async () => {
    const before = await settings();
    const after = await patch({
      flags: { no_disclose_enterprise_connections: true },
      enabled_locales: ["de"],
      error_page: { html: "<p>" },
    });
    const flags = { ...before.flags, no_disclose_enterprise_connections: true };
    assert.deepEqual((await settings()).flags, flags);
    // The answer to a change shows two flags that a GET does not.
    assert.deepEqual(after.flags, {
      ...flags,
      cannot_change_enforce_client_authentication_on_passwordless_start: true,
      enforce_client_authentication_on_passwordless_start: true,
    });
    assert.deepEqual(after.enabled_locales, ["de"]);
    assert.equal("error_page" in (await patch({ error_page: null })), false);
  });

  it("keep a page that is switched off", async () => {
    const page = { enabled: true, html: "<p>Change it</p>" };
    await patch({ change_password: page, guardian_mfa_page: page });
    const after = await patch({
      change_password: { enabled: false },
      guardian_mfa_page: { enabled: false },
    });
    assert.deepEqual(after.change_password, { ...page, enabled: false });
    assert.deepEqual(after.guardian_mfa_page, { ...page, enabled: false });
  });

  it("lose the address for redirections that is set to nothing, and keep other texts that are empty", async () => {
    const uri = "https://example.com/login";
    assert.equal((await patch({ default_redirection_uri: uri })).default_redirection_uri, uri);
    const after = await patch({ default_redirection_uri: "", support_url: "" });
    assert.deepEqual([after.default_redirection_uri, after.support_url], [undefined, ""]);
  });

  it("take lifetimes in minutes and answer them in hours", async () => {
    const after = await patch({ session_lifetime_in_minutes: 90 });
    assert.equal(after.session_lifetime, 1.5);
    assert.equal("session_lifetime_in_minutes" in after, false);
  });

  it("list log events newest first, by type, and forward from a checkpoint", async () => {
    const { logs } = test.tenant.context.store.tables;
    for (const [index, type] of ["s", "f", "s"].entries()) {
      const log_id = `log${index}`;
      logs.put({
        log_id,
        _id: log_id,
        date: `2026-01-0${index + 1}T00:00:00.000Z`,
        type,
        user_name: "a@example.com",
      });
    }
    const idsOf = async (query: string) =>
      (await test.api<LogEvent[]>("GET", `/logs${query}`)).body.map((row) => row.log_id);
    assert.deepEqual(await idsOf(""), ["log2", "log1", "log0"]);
    assert.deepEqual(await idsOf("?sort=date:1&per_page=2"), ["log0", "log1"]);
    assert.deepEqual(await idsOf('?q=type:f AND user_name:"a@example.com"'), ["log1"]);
    assert.deepEqual(await idsOf("?q=type:(f OR fp)"), ["log1"]);
    assert.deepEqual(await idsOf("?q=NOT type:f AND date:[2026-01-02 TO *]"), ["log2"]);
    assert.equal((await test.api("GET", "/logs?q=type:")).body.errorCode, "invalid_query_string");
    assert.deepEqual(await idsOf("?from=log0&take=1"), ["log1"]);
    assert.equal((await test.api<LogEvent>("GET", "/logs/log1")).body.type, "f");
    assert.equal((await test.api("GET", "/logs/none")).status, 404);
  });

  it("keep settings that have no effect here as tools write them", async () => {
    const path = "/attack-protection/brute-force-protection";
    interface Protection {
      readonly enabled: boolean;
      readonly max_attempts: number;
    }
    const isEnabled = async () => (await test.api<Protection>("GET", path)).body.enabled;
    assert.equal(await isEnabled(), true);
    assert.equal((await test.api<Protection>("PATCH", path, { max_attempts: 3 })).body.max_attempts, 3);
    assert.equal(await isEnabled(), true);
    await test.api("PUT", "/prompts/login/custom-text/en", { login: { title: "Hi" } });
    assert.deepEqual((await test.api("GET", "/prompts/login/custom-text/en")).body, {
      login: { title: "Hi" },
    });
    assert.deepEqual((await test.api("GET", "/prompts/login/custom-text/de")).body, {});
    await test.api("PUT", "/guardian/factors/otp", { enabled: true });
    const { body } = await test.api<{ name: string; enabled: boolean }[]>("GET", "/guardian/factors");
    assert.equal(body.find((factor) => factor.name === "otp")?.enabled, true);
  });

  it("answer an empty list of things that the tenant does not have, and 404 for a single one", async () => {
    const none = await test.api<{ organizations: object[] }>("GET", "/organizations?include_totals=true");
    assert.deepEqual(none.body.organizations, []);
    assert.deepEqual((await test.api("GET", "/log-streams")).body, []);
    const answer = await test.api("GET", "/emails/provider");
    assert.equal(answer.status, 404);
    assert.equal(answer.body.errorCode, "inexistent_email_provider");
  });
});

describe("Signing keys", () => {
  const test = perSuite(() => startTestTenant());

  it("never answer a private key", async () => {
    const text = JSON.stringify((await test.api("GET", "/keys/signing")).body);
    assert.equal(/private|"d":/.test(text), false);
  });

  it("rotate: the next one signs, the old one verifies until it is revoked", async () => {
    const { keys, issuer } = test.tenant.context;
    const claims = { iss: issuer, exp: Math.floor(Date.now() / 1000) + 60 };
    const old = await keys.sign(claims);
    const before = (await test.api<SigningKey[]>("GET", "/keys/signing")).body;
    const rotated = await test.api<SigningKey>("POST", "/keys/signing/rotate");
    assert.equal(rotated.status, 201);
    const next = before.find((key) => key.next);
    assert.equal(rotated.body.kid, next?.kid);
    await keys.verify(old, { issuer });
    assert.equal((await test.api("PUT", `/keys/signing/${rotated.body.kid}/revoke`)).status, 400);
    const current = before.find((key) => key.current);
    assert.equal((await test.api("PUT", `/keys/signing/${current?.kid}/revoke`)).status, 200);
    await assert.rejects(keys.verify(old, { issuer }));
    assert.equal(
      (await test.api("GET", "/keys/signing")).status,
      401,
      "a token of the revoked key is refused too",
    );
  });
});
