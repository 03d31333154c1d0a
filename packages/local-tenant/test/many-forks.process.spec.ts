import assert from "node:assert/strict";
import { createTenant } from "../src/index.ts";
import type { Tenant } from "../src/index.ts";
import { perSuite } from "./support/per-suite.ts";
import { ada, deployAction, deployPortal, deployTo, PORTAL } from "./support/portal.ts";

const FORKS = 100;
const SIGN_INS = 10;
/** Each so many forks, one has a version of the Action of its own. */
const VERSIONS = 10;
const EMPLOYEES = [ada, "bruno.keller@xyz.example", "chloe.dubois@xyz.example"];

/** Tells all by which one tenant could be taken for another, and what it remembers of the sign-ins before. */
const actionOf = (version: number) => `
  let first;
  exports.onExecutePostLogin = async (event, api) => {
    const fork = event.client.metadata.fork ?? "none";
    first ??= fork;
    globalThis.firstOfAll ??= fork;
    const cached = api.cache.get("fork")?.value ?? fork;
    api.cache.set("fork", fork);
    const roles = event.authorization.roles.join();
    api.idToken.setCustomClaim("seen", [fork, first, firstOfAll, cached, event.user.user_metadata.fork ?? "", roles, ${version}]);
  };`;

describe("a thousand sign-ins in a hundred forks", function () {
  this.timeout(120_000);
  const root = perSuite(async () => {
    const made = await createTenant();
    await deployPortal(made, actionOf(0));
    for (const employee of EMPLOYEES) await made.signIn({ ...PORTAL, employee });
    return made;
  });

  it("each see what is different in their own fork, and the first tenant sees none of them", async () => {
    const before = await countsOf(root);
    const forks: Tenant[] = [];
    for (let number = 1; number <= FORKS; number++) {
      const fork = await root.fork();
      await makeDifferent(fork, number);
      forks.push(fork);
    }
    const seen = await Promise.all(forks.map((fork) => signInAll(fork)));
    for (const [index, answers] of seen.entries()) {
      const name = `fork ${index + 1}`;
      const version = (index + 1) % VERSIONS === 0 ? index + 1 : 0;
      const common = [name, name, name, name];
      assert.equal(answers.length, SIGN_INS);
      for (const [employee, answer] of answers) {
        const own = employee === ada ? [name, `Role of ${name}`] : ["", ""];
        assert.deepEqual(answer, [...common, ...own, version], employee);
      }
    }
    for (const fork of forks) {
      const { users, logins, traces, roles } = await countsOf(fork);
      assert.deepEqual({ users, roles }, { users: EMPLOYEES.length, roles: 1 });
      assert.deepEqual([logins, traces], [before.logins + SIGN_INS / 2, before.traces + SIGN_INS]);
    }
    assert.deepEqual(await countsOf(root), before);
    await Promise.all(forks.map((fork) => fork.close()));
  });
});

async function makeDifferent(fork: Tenant, number: number): Promise<void> {
  const name = `fork ${number}`;
  const deploy = await deployTo(fork);
  const clients = await deploy<{ client_id: string; name: string }[]>("GET", "clients");
  const portal = clients.find((client) => client.name === PORTAL.application);
  await deploy("PATCH", `clients/${portal?.client_id}`, { client_metadata: { fork: name } });
  const [user] = await deploy<{ user_id: string }[]>("GET", `users-by-email?email=${ada}`);
  const path = `users/${encodeURIComponent(user?.user_id ?? "")}`;
  await deploy("PATCH", path, { user_metadata: { fork: name } });
  const { id } = await deploy("POST", "roles", { name: `Role of ${name}` });
  await deploy("POST", `${path}/roles`, { roles: [id] });
  if (number % VERSIONS === 0) await deployAction(deploy, { code: actionOf(number) });
}

/** Each employee in turn; every second time the page asks, and otherwise the browser's session is enough. */
async function signInAll(fork: Tenant): Promise<[employee: string, seen: unknown][]> {
  const answers: [string, unknown][] = [];
  for (let number = 0; number < SIGN_INS; number++) {
    const employee = EMPLOYEES[number % EMPLOYEES.length] ?? ada;
    const prompt = number % 2 === 0 ? { prompt: "login" } : {};
    const { claims, trace } = await fork.signIn({ ...PORTAL, employee, ...prompt });
    assert.equal(claims["email"], employee);
    assert.deepEqual(trace.claims.idToken["seen"], claims["seen"]);
    answers.push([employee, claims["seen"]]);
  }
  return answers;
}

/** What would be too many where a fork's sign-ins reached another tenant. */
async function countsOf(tenant: Tenant) {
  const deploy = await deployTo(tenant);
  const users = await deploy<{ logins_count: number }[]>("GET", "users");
  const roles = await deploy<unknown[]>("GET", "roles");
  return {
    users: users.length,
    logins: users.reduce((sum, { logins_count }) => sum + logins_count, 0),
    traces: tenant.traces().length,
    roles: roles.length,
  };
}
