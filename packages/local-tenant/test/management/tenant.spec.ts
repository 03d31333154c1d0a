/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return --
   answers are JSON, and each test knows the shape that it asks for */
import assert from "node:assert/strict";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("Settings and logs of the tenant", () => {
  const test = perSuite(() => startTestTenant());

  it("merge flags one by one and other settings as a whole", async () => {
    const before = (await test.api("GET", "/tenants/settings")).body;
    const after = await test.api("PATCH", "/tenants/settings", {
      flags: { no_disclose_enterprise_connections: true },
      enabled_locales: ["de"],
      error_page: { html: "<p>" },
    });
    const flags = { ...before.flags, no_disclose_enterprise_connections: true };
    assert.deepEqual((await test.api("GET", "/tenants/settings")).body.flags, flags);
    // The answer to a change shows two flags that a GET does not.
    assert.deepEqual(after.body.flags, {
      ...flags,
      cannot_change_enforce_client_authentication_on_passwordless_start: true,
      enforce_client_authentication_on_passwordless_start: true,
    });
    assert.deepEqual(after.body.enabled_locales, ["de"]);
    const cleared = await test.api("PATCH", "/tenants/settings", { error_page: null });
    assert.equal("error_page" in cleared.body, false);
  });

  it("keep a page that is switched off", async () => {
    const page = { enabled: true, html: "<p>Change it</p>" };
    await test.api("PATCH", "/tenants/settings", { change_password: page, guardian_mfa_page: page });
    const { body } = await test.api("PATCH", "/tenants/settings", {
      change_password: { enabled: false },
      guardian_mfa_page: { enabled: false },
    });
    assert.deepEqual(body.change_password, { ...page, enabled: false });
    assert.deepEqual(body.guardian_mfa_page, { ...page, enabled: false });
  });

  it("lose the address for redirections that is set to nothing, and keep other texts that are empty", async () => {
    const uri = "https://example.com/login";
    const set = await test.api("PATCH", "/tenants/settings", { default_redirection_uri: uri });
    assert.equal(set.body.default_redirection_uri, uri);
    const nothing = { default_redirection_uri: "", support_url: "" };
    const { body } = await test.api("PATCH", "/tenants/settings", nothing);
    assert.deepEqual([body.default_redirection_uri, body.support_url], [undefined, ""]);
  });

  it("take lifetimes in minutes and answer them in hours", async () => {
    const { body } = await test.api("PATCH", "/tenants/settings", { session_lifetime_in_minutes: 90 });
    assert.equal(body.session_lifetime, 1.5);
    assert.equal("session_lifetime_in_minutes" in body, false);
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
      (await test.api("GET", `/logs${query}`)).body.map((row: { log_id: string }) => row.log_id);
    assert.deepEqual(await idsOf(""), ["log2", "log1", "log0"]);
    assert.deepEqual(await idsOf("?sort=date:1&per_page=2"), ["log0", "log1"]);
    assert.deepEqual(await idsOf('?q=type:f AND user_name:"a@example.com"'), ["log1"]);
    assert.deepEqual(await idsOf("?q=type:(f OR fp)"), ["log1"]);
    assert.deepEqual(await idsOf("?q=NOT type:f AND date:[2026-01-02 TO *]"), ["log2"]);
    assert.equal((await test.api("GET", "/logs?q=type:")).body.errorCode, "invalid_query_string");
    assert.deepEqual(await idsOf("?from=log0&take=1"), ["log1"]);
    assert.equal((await test.api("GET", "/logs/log1")).body.type, "f");
    assert.equal((await test.api("GET", "/logs/none")).status, 404);
  });

  it("keep settings that have no effect here as tools write them", async () => {
    const path = "/attack-protection/brute-force-protection";
    assert.equal((await test.api("GET", path)).body.enabled, true);
    assert.equal((await test.api("PATCH", path, { max_attempts: 3 })).body.max_attempts, 3);
    assert.equal((await test.api("GET", path)).body.enabled, true);
    await test.api("PUT", "/prompts/login/custom-text/en", { login: { title: "Hi" } });
    assert.deepEqual((await test.api("GET", "/prompts/login/custom-text/en")).body, {
      login: { title: "Hi" },
    });
    assert.deepEqual((await test.api("GET", "/prompts/login/custom-text/de")).body, {});
    await test.api("PUT", "/guardian/factors/otp", { enabled: true });
    const factors = (await test.api("GET", "/guardian/factors")).body;
    assert.equal(factors.find((factor: { name: string }) => factor.name === "otp").enabled, true);
  });

  it("list what the tenant has none of as empty, and answer single absent things with 404", async () => {
    assert.deepEqual((await test.api("GET", "/organizations?include_totals=true")).body.organizations, []);
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
    const before = (await test.api("GET", "/keys/signing")).body;
    const rotated = await test.api("POST", "/keys/signing/rotate");
    assert.equal(rotated.status, 201);
    const next = before.find((key: { next: boolean }) => key.next);
    assert.equal(rotated.body.kid, next.kid);
    await keys.verify(old, { issuer });
    assert.equal((await test.api("PUT", `/keys/signing/${rotated.body.kid}/revoke`)).status, 400);
    const current = before.find((key: { current: boolean }) => key.current);
    assert.equal((await test.api("PUT", `/keys/signing/${current.kid}/revoke`)).status, 200);
    await assert.rejects(keys.verify(old, { issuer }));
    assert.equal(
      (await test.api("GET", "/keys/signing")).status,
      401,
      "a token of the revoked key is refused too",
    );
  });
});
