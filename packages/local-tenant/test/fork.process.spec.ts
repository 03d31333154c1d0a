import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { createTenant } from "../src/index.ts";
import type { SignIn, Tenant } from "../src/index.ts";
import { perSuite } from "./support/per-suite.ts";
import { ada, deployAction, deployPortal, deployTo, PORTAL } from "./support/portal.ts";

// SAFETY: a package.json has a version.
const auth0 = createRequire(import.meta.url)("auth0/package.json") as { version: string };

/** An Action that tells what it has kept since its last run, and in which tenant's time it runs. */
const COUNTING = `
  let runs = 0;
  exports.onExecutePostLogin = async (event, api) => {
    runs += 1;
    const cached = api.cache.get("runs")?.value ?? "none";
    api.cache.set("runs", String(runs));
    api.idToken.setCustomClaim("kept", [runs, cached].join());
    api.idToken.setCustomClaim("now", Date.now());
  };`;

describe("an Action in a fork", () => {
  const tenant = perSuite(async () => {
    const made = await createTenant();
    await deployPortal(made, COUNTING);
    return made;
  });
  const claimsAt = async (at: Tenant) => (await at.signIn(PORTAL)).claims;

  it("runs in a fresh module with an empty cache, and goes on in it", async () => {
    const kept = async (at: Tenant) => (await claimsAt(at))["kept"];
    assert.deepEqual([await kept(tenant), await kept(tenant)], ["1,none", "2,1"]);
    const [one, other] = [await tenant.fork(), await tenant.fork()];
    assert.deepEqual([await kept(one), await kept(other)], ["1,none", "1,none"]);
    assert.deepEqual([await kept(one), await kept(await one.fork())], ["2,1", "1,none"]);
    assert.equal(await kept(tenant), "3,2");
    tenant.reset();
    await deployPortal(tenant, COUNTING);
    assert.deepEqual([await kept(tenant), await kept(other)], ["1,none", "2,1"]);
    other.reset();
    assert.deepEqual([await kept(other), await kept(one)], ["1,none", "3,2"]);
  });

  it("sees the fork's time", async () => {
    const fork = await tenant.fork();
    fork.clock.advance("30d");
    const [there, here] = [(await claimsAt(fork))["now"], (await claimsAt(tenant))["now"]];
    const days = (Number(there) - Number(here)) / 86_400_000;
    assert.ok(days > 29.9 && days < 30.1, String(days));
  });

  it("sees the fork's time too while a test sets the Date of this process to it", async () => {
    const fork = await tenant.fork();
    fork.clock.advance("30d");
    const then = fork.clock.now().getTime();
    const machineNow = Date.now;
    Date.now = () => then;
    try {
      const { now, iat } = await claimsAt(fork);
      for (const told of [Number(now), Number(iat) * 1000])
        assert.ok(told >= then - 1000 && told < then + 3_600_000, String(told - then));
    } finally {
      Date.now = machineNow;
    }
  });

  it("can be another version than the tenant's", async () => {
    const fork = await tenant.fork();
    await deployAction(await deployTo(fork), {
      code: `exports.onExecutePostLogin = async (event, api) => api.idToken.setCustomClaim("kept", "the fork's");`,
    });
    assert.equal((await claimsAt(fork))["kept"], "the fork's");
    assert.match(String((await claimsAt(tenant))["kept"]), /^\d/);
    assert.match(String((await fork.evaluate(PORTAL))[0]?.idToken?.claims["kept"]), /the fork's/);
  });
});

const SECRETS = ({ domain, issuer, deployer }: Tenant) =>
  Object.entries({
    DOMAIN: domain,
    AUDIENCE: `${issuer}api/v2/`,
    CLIENT_ID: deployer.clientId,
    CLIENT_SECRET: deployer.clientSecret,
  }).map(([name, value]) => ({ name, value }));

const READERS = {
  fetch: `
    exports.onExecutePostLogin = async (event, api) => {
      const { DOMAIN, AUDIENCE: audience, CLIENT_ID: client_id, CLIENT_SECRET: client_secret } = event.secrets;
      const token = await fetch(\`https://\${DOMAIN}/oauth/token\`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ grant_type: "client_credentials", audience, client_id, client_secret }),
      });
      const { access_token } = await token.json();
      const headers = { authorization: \`Bearer \${access_token}\` };
      const user = await fetch(\`\${audience}users/\${encodeURIComponent(event.user.user_id)}\`, { headers });
      api.idToken.setCustomClaim("of", (await user.json()).user_metadata?.of ?? "nobody");
    };`,
  auth0: `
    const { ManagementClient } = require("auth0");
    exports.onExecutePostLogin = async (event, api) => {
      const { DOMAIN: domain, AUDIENCE: audience, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret } = event.secrets;
      const management = new ManagementClient({ domain, audience, clientId, clientSecret });
      const user = await management.users.get(event.user.user_id);
      api.idToken.setCustomClaim("of", (user.data ?? user).user_metadata?.of ?? "nobody");
    };`,
};

for (const [way, code] of Object.entries(READERS)) {
  describe(`an Action that reads its own user by ${way}`, () => {
    const tenant = perSuite(async () => {
      const made = await createTenant();
      await made.inject({ url: "/" });
      const deploy = await deployPortal(made);
      const dependencies = way === "auth0" ? [{ name: "auth0", version: auth0.version }] : [];
      await deployAction(deploy, { code, dependencies, secrets: SECRETS(made) });
      return made;
    });
    const read = async (at: Tenant): Promise<SignIn> => at.signIn(PORTAL);
    const mark = async (at: Tenant, of: string) => {
      const deploy = await deployTo(at);
      const [user] = await deploy<{ user_id: string }[]>("GET", `users-by-email?email=${ada}`);
      await deploy("PATCH", `users/${encodeURIComponent(user?.user_id ?? "")}`, { user_metadata: { of } });
    };

    it("reaches the fork in which it runs, and no other", async () => {
      assert.equal((await read(tenant)).claims["of"], "nobody");
      const fork = await tenant.fork();
      const inner = await fork.fork();
      const listening = await tenant.fork({ listen: true });
      const within = await listening.fork();
      // The package takes a while to load, in each of them.
      const marked = way === "auth0" ? { fork, within } : { tenant, fork, inner, listening, within };
      for (const [of, at] of Object.entries(marked)) await mark(at, of);
      for (const [of, at] of Object.entries(marked)) assert.equal((await read(at)).claims["of"], of);
    });

    if (way === "auth0") return;
    it("leaves no sign of which fork it was", async () => {
      const { trace } = await read(await tenant.fork());
      assert.doesNotMatch(JSON.stringify(trace), /x-local-tenant/);
      const paths = trace.managementCalls.map(({ path }) => path.replace(/users\/.*/, "users/ID"));
      assert.deepEqual(paths, ["/oauth/token", "/api/v2/users/ID"]);
      const { trace: there } = await read(await tenant.fork({ listen: true }));
      assert.deepEqual(
        there.managementCalls.map(({ path }) => path.replace(/users\/.*/, "users/ID")),
        paths,
      );
    });
  });
}
