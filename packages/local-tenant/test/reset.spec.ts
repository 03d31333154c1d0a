import assert from "node:assert/strict";
import { createTenant } from "../src/index.ts";
import type { Tenant } from "../src/index.ts";
import { addRole, inOneLine, refresh, refusedWith, revoke, rolesOf, setFaults } from "./support/at-tenant.ts";
import { perSuite } from "./support/per-suite.ts";
import { deployPortal, deployTo, PORTAL } from "./support/portal.ts";
import { withTemporaryFolder } from "./support/temporary.ts";

const BRUNO = { ...PORTAL, employee: "bruno.keller@xyz.example" };
const SILENT = { ...PORTAL, prompt: "none" };

describe("a tenant that is reset", () => {
  const root = perSuite(async () => {
    const made = await createTenant();
    await deployPortal(made);
    return made;
  });
  let tenant: Tenant;
  beforeEach(async () => {
    tenant = await root.fork();
  });
  afterEach(() => tenant.close());

  it("has the rows, keys, settings and traces of the snapshot", async () => {
    await tenant.signIn(PORTAL);
    const deploy = await deployTo(tenant);
    await deploy("POST", "roles", { name: "Kept" });
    const before = await stateOf(tenant);
    const snapshot = tenant.snapshot();
    await deploy("POST", "roles", { name: "Gone" });
    await deploy("PATCH", "tenants/settings", { friendly_name: "Other" });
    await deploy("POST", "keys/signing/rotate");
    const [user] = await deploy<{ user_id: string }[]>("GET", "users");
    await deploy("DELETE", `users/${encodeURIComponent(user?.user_id ?? "")}`);
    await tenant.signIn(BRUNO);
    assert.notDeepEqual(await stateOf(tenant), before);
    tenant.reset(snapshot);
    assert.deepEqual(await stateOf(tenant), before);
    assert.equal(tenant.traces().length, 1);
  });

  it("has the sessions, browsers and tokens of the snapshot", async () => {
    const { claims, refreshToken } = await tenant.signIn({ ...PORTAL, scope: "openid offline_access" });
    const snapshot = tenant.snapshot();
    await tenant.signIn(BRUNO);
    await tenant.signIn({ ...PORTAL, prompt: "login" });
    await revoke(tenant, refreshToken);
    assert.equal((await refresh(tenant, refreshToken)).status, 403);
    tenant.reset(snapshot);
    assert.equal((await tenant.signIn(SILENT)).claims["sid"], claims["sid"]);
    await assert.rejects(tenant.signIn({ ...BRUNO, prompt: "none" }), refusedWith("login_required"));
    assert.equal((await refresh(tenant, refreshToken)).status, 200);
  });

  it("has the time and the faults of the snapshot", async () => {
    await setFaults(tenant, [{ kind: "status", value: 503, path: "/userinfo", share: 0.5 }]);
    const userinfo = async () => (await tenant.inject({ url: "/userinfo" })).status;
    assert.equal(await userinfo(), 401);
    const snapshot = tenant.snapshot();
    tenant.clock.advance("30d");
    assert.equal(await userinfo(), 503);
    await setFaults(tenant, []);
    tenant.reset(snapshot);
    assert.ok(tenant.clock.now().getTime() - snapshot.time.getTime() < 86_400_000);
    assert.deepEqual([await userinfo(), await userinfo()], [503, 401]);
  });

  it("can go back to the same snapshot again, and to an older one", async () => {
    const first = tenant.snapshot();
    for (const name of ["One", "Two"]) {
      await addRole(tenant, name);
      const later = tenant.snapshot();
      tenant.reset(first);
      assert.deepEqual(await rolesOf(tenant), []);
      tenant.reset(later);
      assert.deepEqual(await rolesOf(tenant), [name]);
      tenant.reset(first);
    }
  });

  it("goes back to how it was when it was forked, and leaves forks and the first tenant alone", async () => {
    const { claims } = await root.signIn(PORTAL);
    const fork = await root.fork();
    await fork.signIn(BRUNO);
    const inner = await fork.fork();
    fork.clock.advance("30d");
    fork.reset();
    assert.equal((await fork.signIn(SILENT)).claims["sid"], claims["sid"]);
    await assert.rejects(fork.signIn({ ...BRUNO, prompt: "none" }), refusedWith("login_required"));
    assert.ok(await inner.signIn({ ...BRUNO, prompt: "none" }));
    assert.equal((await root.signIn(SILENT)).claims["sid"], claims["sid"]);
    await fork.close();
  });

  it("goes back to how it was when it was made", async () => {
    await using made = await createTenant();
    await deployPortal(made);
    await made.signIn(PORTAL);
    made.reset();
    await assert.rejects(made.signIn(PORTAL), /no application "Portal"/);
    assert.deepEqual(made.traces(), []);
    await deployPortal(made);
    await assert.rejects(made.signIn(SILENT), refusedWith("login_required"));
  });

  it("refuses a snapshot of another tenant, in one line", () => {
    const snapshot = root.snapshot();
    assert.throws(() => tenant.reset(snapshot), inOneLine(/^This is not a snapshot of this tenant/));
  });

  it("stores that it was reset, if it is kept", async () => {
    await withTemporaryFolder(async (state) => {
      const kept = await createTenant({ state });
      await deployPortal(kept);
      const snapshot = kept.snapshot();
      await addRole(kept, "Gone");
      kept.reset(snapshot);
      await kept.close();
      await using again = await createTenant({ state });
      assert.deepEqual(await rolesOf(again), []);
      assert.ok(await again.signIn(PORTAL));
    });
  });

  it("makes the same ids again if it has a seed", async () => {
    await using seeded = await createTenant({ seed: "two" });
    const snapshot = seeded.snapshot();
    const first = await addRole(seeded, "A");
    seeded.reset(snapshot);
    assert.equal(await addRole(seeded, "A"), first);
  });
});

/** All that a deployment can read. */
async function stateOf(tenant: Tenant): Promise<unknown> {
  const deploy = await deployTo(tenant);
  const state: Record<string, unknown> = {};
  for (const path of [
    "clients",
    "connections",
    "roles",
    "users",
    "keys/signing",
    "tenants/settings",
    "logs",
  ]) {
    state[path] = await deploy<unknown>("GET", path);
  }
  // Reading them makes events of its own.
  const { logs, ...rest } = state as { logs: { type: string }[] };
  return { ...rest, logs: logs.filter(({ type }) => type === "s") };
}
