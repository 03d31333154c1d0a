import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { createTenant, SignInError, StateFolder, UserError } from "../src/index.ts";
import type { Claims, Tenant } from "../src/index.ts";
import { fetchOver } from "../src/lib/browser.ts";
import { lockHolder, takeLock } from "../src/lib/process-lock.ts";
import { ada, deployPortal, PORTAL, SECOND_CALLBACK } from "./support/portal.ts";
import { withTemporaryFolder } from "./support/temporary.ts";

describe("createTenant", () => {
  let tenant: Tenant;
  before(async () => {
    tenant = await createTenant();
    await deployPortal(tenant);
  });
  after(() => tenant.close());

  it("signs an employee in, and shows the verified claims and what the Actions did", async () => {
    const { claims, accessToken, refreshToken, trace } = await tenant.signIn({
      application: "Portal",
      employee: ada,
    });
    assert.equal(claims.iss, tenant.issuer);
    assert.equal(claims["email"], ada);
    assert.ok(accessToken.length > 20);
    assert.equal(refreshToken, undefined);
    assert.equal(trace.outcome, "completed");
    assert.deepEqual(trace.actions, []);
  });

  it("keeps an employee's browser, so that a silent sign-in finds the session", async () => {
    const { claims } = await tenant.signIn({ application: "Portal", employee: ada });
    const silent = await tenant.signIn({ application: "Portal", employee: ada, prompt: "none" });
    assert.equal(silent.claims["sid"], claims["sid"]);
    await assert.rejects(
      tenant.signIn({ application: "Portal", employee: "bruno.keller@xyz.example", prompt: "none" }),
      (error: unknown) => error instanceof SignInError && error.error === "login_required",
    );
  });

  it("works out a sign-in, by each connection that leads to the employee, as long as its tokens would be", async () => {
    const [one, ...others] = await tenant.evaluate({ application: "Portal", employee: ada });
    assert.deepEqual(others, []);
    const { idToken, accessToken, claims } = await tenant.signIn({ application: "Portal", employee: ada });
    assert.deepEqual([one?.connection, one?.status, one?.sub], ["azure-ad", "completed", claims.sub]);
    assert.equal(one?.idToken?.bytes, idToken.length);
    assert.equal(one?.accessToken?.bytes, accessToken.length);
    const elsewhere = { application: "Portal", employee: ada, connection: "another" };
    await assert.rejects(tenant.evaluate(elsewhere), /no connection "another". It has .*"azure-ad"/);
    await assert.rejects(
      tenant.evaluate({ application: "Portal", employee: "nobody" }),
      /no employee "nobody"/,
    );
  });

  it("says in one line what it does not know", async () => {
    const unknown = (message: RegExp) => (error: unknown) =>
      error instanceof UserError && message.test(error.message) && !error.message.includes("\n");
    await assert.rejects(
      tenant.signIn({ application: "Portla", employee: ada }),
      unknown(/no application "Portla". It has .*"Portal"/),
    );
    await assert.rejects(
      tenant.signIn({ application: "Portal", employee: "nobody@xyz.example" }),
      unknown(/no employee "nobody@xyz.example"/),
    );
  });

  it("signs in over HTTPS if it is asked to, with the same result as without a socket", async () => {
    await using seeded = await createTenant({ seed: "ways" });
    const deploy = await deployPortal(
      seeded,
      `exports.onExecutePostLogin = async (event, api) => {
        const { user, session, transaction } = event;
        const { query, ...request } = event.request;
        const asked = Object.keys(query).sort();
        api.idToken.setCustomClaim("told", { request, asked, logins: event.stats.logins_count, groups: user.groups });
        api.idToken.setCustomClaim("ids", [session.id, transaction.protocol]);
        api.accessToken.setCustomClaim("told", request.ip);
      };`,
    );
    await deploy("POST", "resource-servers", { identifier: "https://api.xyz.example/", name: "API" });
    const before = seeded.snapshot();
    const results = [];
    for (const https of [false, true]) {
      seeded.reset(before);
      const request = { ...PORTAL, https, audience: "https://api.xyz.example/", scope: "openid email" };
      const { claims, accessToken, trace } = await seeded.signIn(request);
      results.push({ claims: lasting(claims), access: lasting(decodeJwt(accessToken)), trace: trace.claims });
    }
    const [inProcess, overHttps] = results;
    assert.deepEqual(inProcess, overHttps);
    assert.ok(Object.keys(inProcess?.claims ?? {}).length > 6);
  });

  it("keeps the trace of each sign-in, also of one that is refused", async () => {
    const denied = await createTenant();
    try {
      await deployPortal(
        denied,
        "exports.onExecutePostLogin = async (event, api) => api.access.deny('Not you.');",
      );
      assert.deepEqual(denied.traces(), []);
      await assert.rejects(
        denied.signIn({ application: "Portal", employee: ada }),
        (error: unknown) => error instanceof SignInError && error.error === "access_denied",
      );
      const [trace] = denied.traces();
      assert.deepEqual([trace?.outcome, trace?.user.email], ["denied", ada]);
    } finally {
      await denied.close();
    }
  });

  it("goes by a clock that can be advanced, and so do sign-ins and what Actions are told", async () => {
    const moved = await createTenant();
    try {
      await deployPortal(
        moved,
        "exports.onExecutePostLogin = async (event, api) => api.idToken.setCustomClaim('now', Date.now());",
      );
      const request = { application: "Portal", employee: ada };
      const first = await moved.signIn(request);
      moved.clock.advance("30d");
      const month = moved.clock.now().getTime();
      assert.ok(month - Date.now() > 29 * 86_400_000);
      await assert.rejects(
        moved.signIn({ ...request, prompt: "none" }),
        (error: unknown) => error instanceof SignInError && error.error === "login_required",
      );
      const { claims } = await moved.signIn(request);
      assert.ok(Number(claims.iat) - Number(first.claims.iat) >= 30 * 86_400);
      assert.ok(Number(claims["now"]) >= month, String(claims["now"]));
    } finally {
      await moved.close();
    }
  });

  it("has the application sent back to its first callback, or to the one that is asked for", async () => {
    const request = { application: "Portal", employee: ada };
    const { claims } = await tenant.signIn({ ...request, redirectUri: SECOND_CALLBACK });
    assert.equal(claims["email"], ada);
    await assert.rejects(tenant.signIn({ ...request, redirectUri: "https://elsewhere.example/" }));
  });

  it("gives other programs the variables that exec gives its command, and takes them back at the end", async () => {
    const short = await createTenant({ seed: "a", plan: "free" });
    const { environment, deployer } = short;
    assert.equal(environment["AUTH0_DOMAIN"], short.domain);
    assert.equal(environment["AUTH0_CLIENT_SECRET"], deployer.clientSecret);
    assert.ok(existsSync(environment["SSL_CERT_FILE"] ?? ""));
    await short[Symbol.asyncDispose]();
    assert.equal(existsSync(environment["SSL_CERT_FILE"] ?? ""), false);
    await assert.rejects(fetchOver(short.issuer, { ca: short.ca }), /ECONNREFUSED/);
  });

  it("keeps a tenant in a folder, which one process has at a time", async () => {
    await withTemporaryFolder(async (state) => {
      const first = await createTenant({ state });
      const { deployer, issuer } = first;
      await assert.rejects(createTenant({ state }), /in use by process/);
      await first.close();
      const second = await createTenant({ state });
      assert.deepEqual([second.deployer, second.issuer], [deployer, issuer]);
      await second.close();
    });
  });

  it("leaves the lock of a StateFolder to the caller, who may go on with it", async () => {
    await withTemporaryFolder(async (path) => {
      const folder = new StateFolder(path);
      const lock = takeLock(folder.lockFile);
      assert.ok("release" in lock);
      const first = await createTenant({ state: folder });
      const { issuer, environment } = first;
      assert.equal(environment["SSL_CERT_FILE"], join(folder.tlsFolder, "ca.pem"));
      await first.close();
      assert.equal(lockHolder(folder.lockFile), process.pid);
      const second = await createTenant({ state: folder });
      assert.equal(second.issuer, issuer);
      await second.close();
      lock.release();
    });
  });

  it("has the certificate of a folder, also in memory", async () => {
    await withTemporaryFolder(async (certificates) => {
      const first = await createTenant({ certificates });
      const second = await createTenant({ certificates });
      assert.equal(second.ca, first.ca);
      assert.equal(second.environment["SSL_CERT_FILE"], join(certificates, "ca.pem"));
      assert.notDeepEqual(second.deployer, first.deployer);
      await Promise.all([first.close(), second.close()]);
      assert.ok(existsSync(join(certificates, "ca.pem")));
    });
  });
});

/** What does not change with the time, nor with what the application has made up for one sign-in. */
function lasting(claims: Claims): Claims {
  const passing = ["iat", "exp", "auth_time", "updated_at", "nonce", "at_hash"];
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !passing.includes(name)));
}
