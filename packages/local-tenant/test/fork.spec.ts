import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createTenant } from "../src/index.ts";
import type { Tenant } from "../src/index.ts";
import { FORK_HEADER } from "../src/family.ts";
import { fetchOver } from "../src/lib/browser.ts";
import type { RunningTenant } from "../src/running-tenant.ts";
import { addRole, inOneLine, refresh, refusedWith, revoke, rolesOf, setFaults } from "./support/at-tenant.ts";
import { perSuite, perTest } from "./support/per-suite.ts";
import { deployPortal, deployTo, PORTAL } from "./support/portal.ts";
import { withTemporaryFolder } from "./support/temporary.ts";
import { startTestTenant } from "./support/tenant.ts";

/** A connection that was kept open for another request ends in the second way. */
const CLOSED = /ECONNREFUSED|ECONNRESET|socket hang up/;
const BRUNO = "bruno.keller@xyz.example";

describe("a fork of a tenant", () => {
  const root = perSuite(async () => {
    const made = await createTenant();
    await deployPortal(made);
    return made;
  });
  const tenant = perTest(() => root.fork());

  it("has all that the tenant has, and neither sees what the other changes then", async () => {
    const before = await tenant.signIn(PORTAL);
    const fork = await tenant.fork();
    const [atRoot, atFork] = [await deployTo(tenant), await deployTo(fork)];
    const { sub = "" } = before.claims;
    const path = `users/${encodeURIComponent(sub)}`;
    assert.deepEqual(await atFork("GET", path), await atRoot("GET", path));
    await atFork("PATCH", path, { user_metadata: { at: "fork" } });
    await atRoot("PATCH", path, { user_metadata: { at: "root" } });
    assert.deepEqual((await atFork("GET", path))["user_metadata"], { at: "fork" });
    assert.deepEqual((await atRoot("GET", path))["user_metadata"], { at: "root" });
    await atFork("DELETE", path);
    await atRoot("POST", "roles", { name: "Root's own" });
    assert.equal((await atRoot("GET", path))["user_id"], sub);
    assert.deepEqual(await rolesOf(fork), []);
  });

  it("has its browsers, sessions and tokens, and from then on its own", async () => {
    const request = { ...PORTAL, scope: "openid offline_access" };
    const { claims, refreshToken } = await tenant.signIn(request);
    const fork = await tenant.fork();
    const silent = { ...PORTAL, prompt: "none" };
    assert.equal((await fork.signIn(silent)).claims["sid"], claims["sid"]);
    assert.equal(fork.traces().length, tenant.traces().length + 1);
    await fork.signIn({ ...PORTAL, prompt: "login" });
    assert.equal((await tenant.signIn(silent)).claims["sid"], claims["sid"]);
    await fork.signIn({ ...PORTAL, employee: BRUNO });
    await assert.rejects(tenant.signIn({ ...silent, employee: BRUNO }), refusedWith("login_required"));
    assert.equal((await revoke(fork, refreshToken)).status, 200);
    assert.equal((await refresh(fork, refreshToken)).status, 403);
    assert.equal((await refresh(tenant, refreshToken)).status, 200);
  });

  it("begins at the tenant's time, and goes by a clock of its own", async () => {
    tenant.clock.advance("10d");
    await tenant.signIn(PORTAL);
    const fork = await tenant.fork();
    fork.clock.advance("30d");
    const ahead = (other: Tenant) => Math.round((other.clock.now().getTime() - Date.now()) / 86_400_000);
    assert.deepEqual([ahead(tenant), ahead(fork)], [10, 40]);
    await assert.rejects(fork.signIn({ ...PORTAL, prompt: "none" }), refusedWith("login_required"));
    assert.ok(await tenant.signIn({ ...PORTAL, prompt: "none" }));
  });

  it("has faults of its own, which begin as near to their next hit as the tenant's", async () => {
    const statuses = async (at: Tenant, count: number) => {
      const told = [];
      for (let asked = 0; asked < count; asked++) told.push((await at.inject({ url: "/userinfo" })).status);
      return told;
    };
    await setFaults(tenant, [{ kind: "status", value: 503, path: "/userinfo", share: 0.5 }]);
    assert.deepEqual(await statuses(tenant, 1), [401]);
    const fork = await tenant.fork();
    assert.deepEqual(await statuses(fork, 3), [503, 401, 503]);
    assert.deepEqual(await statuses(tenant, 3), [503, 401, 503]);
    await setFaults(fork, []);
    assert.deepEqual(await statuses(fork, 2), [401, 401]);
    assert.deepEqual(await statuses(tenant, 2), [401, 503]);
  });

  it("has keys of its own, which begin as the tenant's", async () => {
    const fork = await tenant.fork();
    const keys = async (at: Tenant) => (await at.inject({ url: "/.well-known/jwks.json" })).body;
    const before = await keys(tenant);
    assert.equal(await keys(fork), before);
    const atFork = await deployTo(fork);
    // The first rotation brings the next key into use, which both have; the second one a key of the fork's.
    for (const path of ["keys/signing/rotate", "keys/signing/rotate"]) await atFork("POST", path);
    assert.notEqual(await keys(fork), before);
    assert.equal(await keys(tenant), before);
    assert.ok((await fork.signIn(PORTAL)).idToken);
    const { access_token } = (await machineToken(fork)).json<Tokens>();
    const roles = { url: "/api/v2/roles", headers: { authorization: `Bearer ${access_token}` } };
    assert.equal((await fork.inject(roles)).status, 200);
    assert.equal((await tenant.inject(roles)).status, 401);
  });

  it("can be forked, and then does not pass its changes on", async () => {
    const child = await tenant.fork();
    await addRole(child, "Child's");
    const grandchild = await child.fork();
    await addRole(child, "Child's later");
    await addRole(grandchild, "Grandchild's");
    assert.deepEqual(await rolesOf(child), ["Child's", "Child's later"]);
    assert.deepEqual(await rolesOf(grandchild), ["Child's", "Grandchild's"]);
    assert.deepEqual(await rolesOf(tenant), []);
  });

  it("has the tenant's address and no port, and says so where one is needed", async () => {
    const fork = await tenant.fork();
    assert.deepEqual([fork.issuer, fork.domain, fork.ca], [tenant.issuer, tenant.domain, tenant.ca]);
    assert.deepEqual(fork.deployer, tenant.deployer);
    assert.throws(() => fork.environment, inOneLine(/no port.*fork\(\{ listen: true \}\)/));
    await assert.rejects(fork.signIn({ ...PORTAL, https: true }), inOneLine(/no port/));
    assert.equal((await fork.evaluate(PORTAL)).length, 1);
  });

  it("listens on a port of its own if it is asked to, with the tenant's certificate", async () => {
    const { claims } = await root.signIn(PORTAL);
    const fork = await root.fork({ listen: true });
    assert.notEqual(fork.issuer, root.issuer);
    assert.equal(fork.ca, root.ca);
    assert.equal(fork.environment["ISSUER"], fork.issuer);
    assert.equal(fork.environment["SSL_CERT_FILE"], root.environment["SSL_CERT_FILE"]);
    const there = await fork.signIn({ ...PORTAL, https: true, prompt: "none" });
    assert.equal(there.claims.iss, fork.issuer);
    assert.equal(there.claims["sid"], claims["sid"]);
    const silent = await fork.signIn({ ...PORTAL, prompt: "none" });
    assert.equal(silent.claims["sid"], claims["sid"]);
    await addRole(fork, "Fork's");
    assert.deepEqual(await rolesOf(root), []);
    const health = await fetchOver(`${fork.issuer}_local/health`, { ca: fork.ca });
    assert.equal((JSON.parse(health.body) as { issuer: string }).issuer, fork.issuer);
    const inner = await fork.fork();
    assert.equal(inner.issuer, fork.issuer);
    assert.equal((await inner.signIn({ ...PORTAL, prompt: "none" })).claims.iss, fork.issuer);
    await fork.close();
    await assert.rejects(fetchOver(`${fork.issuer}_local/health`, { ca: fork.ca }), CLOSED);
    assert.equal((await fetchOver(`${root.issuer}_local/health`, { ca: root.ca })).status, 200);
  });

  it("takes the Management API by the tenant's audience too, since an Action may know only that one", async () => {
    const fork = await (await tenant.fork({ listen: true })).fork();
    const answer = await machineToken(fork, tenant.issuer);
    assert.equal(answer.status, 200, answer.body);
    const { access_token } = answer.json<Tokens>();
    const headers = { authorization: `Bearer ${access_token}` };
    assert.equal((await fork.inject({ url: "/api/v2/roles", headers })).status, 200);
    assert.equal((await tenant.inject({ url: "/api/v2/roles", headers })).status, 401);
  });

  it("is closed with the tenant, and can be closed before", async () => {
    const tenant = await createTenant();
    await deployPortal(tenant);
    const [first, second] = [await tenant.fork(), await tenant.fork({ listen: true })];
    const inner = await first.fork({ listen: true });
    await first.close();
    await first[Symbol.asyncDispose]();
    await assert.rejects(first.signIn(PORTAL), inOneLine(/This tenant is closed/));
    await assert.rejects(first.fork(), inOneLine(/This tenant is closed/));
    await assert.rejects(inner.inject({ url: "/userinfo" }), inOneLine(/This tenant is closed/));
    assert.throws(() => first.reset(), inOneLine(/This tenant is closed/));
    assert.ok(await second.signIn(PORTAL));
    await tenant.close();
    for (const { issuer, ca } of [second, inner, tenant])
      await assert.rejects(fetchOver(issuer, { ca }), CLOSED);
    await assert.rejects(second.inject({ url: "/userinfo" }), inOneLine(/This tenant is closed/));
  });

  it("is reached by a secret alone, and a request for one that is gone does not reach the tenant", async () => {
    const headers = { [FORK_HEADER]: "guessed" };
    const { status, body } = await fetchOver(`${root.issuer}userinfo`, { ca: root.ca, headers });
    assert.deepEqual([status, body], [410, "This fork of the tenant is closed.\n"]);
  });

  it("of a kept tenant is in memory, and leaves its folder as it is", async () => {
    await withTemporaryFolder(async (state) => {
      const kept = await createTenant({ state });
      await deployPortal(kept);
      const files = () =>
        readdirSync(state, { recursive: true, encoding: "utf8" })
          .filter((name) => statSync(join(state, name)).isFile())
          .map((name) => [name, readFileSync(join(state, name), "utf8")]);
      const before = files();
      const fork = await kept.fork();
      await addRole(fork, "Fork's");
      await fork.signIn(PORTAL);
      await fork.close();
      assert.deepEqual(files(), before);
      await kept.close();
      const again = await createTenant({ state });
      const deploy = await deployTo(again);
      assert.deepEqual([await deploy("GET", "roles"), await deploy("GET", "users")], [[], []]);
      await again.close();
    });
  });

  it("makes the same ids each time if the tenant has a seed, whatever happens in other forks", async () => {
    const idsOf = async (busy: boolean) => {
      await using seeded = await createTenant({ seed: "one" });
      const [first, second] = [await seeded.fork(), await seeded.fork()];
      if (busy) await deployPortal(first);
      return [await addRole(second, "A"), await addRole(seeded, "A")];
    };
    const [quiet, busy] = [await idsOf(false), await idsOf(true)];
    assert.deepEqual(busy, quiet);
    assert.notEqual(quiet[0], quiet[1]);
  });
});

describe("a fork of a tenant with rate limits", () => {
  const test = perTest(() =>
    startTestTenant({ plan: "free", now: () => Date.parse("2031-05-06T12:00:00Z") }),
  );

  it("has limits of its own, which begin with what the tenant has left", async () => {
    const { context } = test.tenant;
    const { clientId: client_id, clientSecret: client_secret } = context.store.deployer;
    const form = {
      grant_type: "client_credentials",
      client_id,
      client_secret,
      audience: context.managementAudience,
    };
    const { access_token } = (await test.tenant.inject({ url: "/oauth/token", body: form })).json<Tokens>();
    const roles = { url: "/api/v2/roles", headers: { authorization: `Bearer ${access_token}` } };
    const ask = async (at: RunningTenant) => (await at.inject(roles)).status;
    assert.equal(await ask(test.tenant), 200);
    const fork = await test.tenant.fork();
    const then = test.tenant.snapshot();
    assert.deepEqual([await ask(fork), await ask(fork)], [200, 429]);
    assert.deepEqual([await ask(test.tenant), await ask(test.tenant)], [200, 429]);
    fork.context.clock.advance("1s");
    assert.deepEqual([await ask(fork), await ask(test.tenant)], [200, 429]);
    test.tenant.reset(then);
    assert.deepEqual([await ask(test.tenant), await ask(test.tenant)], [200, 429]);
  });
});

type Tokens = Record<"access_token", string>;

function machineToken(tenant: Tenant, issuer = tenant.issuer) {
  const { clientId: client_id, clientSecret: client_secret } = tenant.deployer;
  const audience = `${issuer}api/v2/`;
  const body = { grant_type: "client_credentials", client_id, client_secret, audience };
  return tenant.inject({ url: "/oauth/token", body });
}
