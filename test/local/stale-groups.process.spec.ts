import assert from "node:assert/strict";
import type { LightMyRequestResponse } from "fastify";
import type { ActionSettings, GroupSource } from "../../action/settings.ts";
import { loadDirectory } from "../../packages/local-tenant/src/index.ts";
import { bundled, settings } from "../action/support/bundled-action.ts";
import {
  addApplication,
  addBoundAction,
  unbindActions,
} from "../../packages/local-tenant/test/support/application.ts";
import { Agent, answerOf, payloadOf } from "../../packages/local-tenant/test/support/oauth.ts";
import { sampleDirectoryFile } from "../support/sample.ts";
import { perSuite } from "../../packages/local-tenant/test/support/per-suite.ts";
import { startTestTenant } from "../../packages/local-tenant/test/support/tenant.ts";
import type { TestTenant } from "../../packages/local-tenant/test/support/tenant.ts";

const ADA = "ada.lindqvist@xyz.example";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LIMIT = 15;
const WITHIN = (LIMIT - 1) * MINUTE;
const BEYOND = (LIMIT + 1) * MINUTE;

/**
 * The Action as the stack builds it, on a tenant whose clock moves and whose directory changes: what an
 * employee's tokens say before and after `groupsMaxAgeMinutes`, by the source of the groups.
 */
describe(`groups with a limit of ${LIMIT} minutes`, function () {
  this.timeout(60_000);
  const company = loadDirectory(sampleDirectoryFile);
  const groups = company.employees.find(({ email }) => email === ADA)?.groups.toSorted() ?? [];
  const fewer = groups.slice(1);
  let directory = company;
  let now = Date.parse("2031-05-06T12:00:00.000Z");
  const test = perSuite(() => startTestTenant({ directory: () => directory, now: () => now }));
  const application = perSuite(() => addApplication(test));
  let browser: Agent;
  let refreshToken: string;

  before(() => {
    addReader(test);
  });
  afterEach(() => {
    unbindActions(test);
    directory = company;
    now += 30 * HOUR;
  });

  /** Deploys the Action with these sources, and signs the employee in with a browser of their own. */
  async function begin(...groupSources: GroupSource[]): Promise<void> {
    deploy({ groupSources });
    browser = new Agent(test);
    const tokens = await browser.tokens(application, { employee: ADA, scope: "openid offline_access" });
    assert.deepEqual(claimOf(tokens), groups);
    refreshToken = tokens["refresh_token"] ?? "";
  }

  function deploy(changes: Partial<ActionSettings>): void {
    const connections = [application.connection.name];
    const bundle = bundled({ ...settings, connections, groupsMaxAgeMinutes: LIMIT, ...changes });
    const { domain, managementAudience } = test.tenant.context;
    addBoundAction(test, bundle.code, "Groups", {
      dependencies: bundle.dependencies,
      secrets: {
        TENANT: domain,
        AUDIENCE: managementAudience,
        APP_CLIENT_ID: "reader",
        APP_CLIENT_SECRET: "a-secret-of-the-reader",
      },
    });
  }

  const leaveGroup = () => {
    const employees = company.employees.map((one) => (one.email === ADA ? { ...one, groups: fewer } : one));
    directory = { ...company, employees };
  };
  const leaveCompany = () => {
    directory = { ...company, employees: company.employees.filter(({ email }) => email !== ADA) };
  };
  const exchanged = async (response: LightMyRequestResponse) => {
    const code = answerOf(response)["code"];
    assert.ok(code, String(response.headers.location));
    return (await browser.exchange(application, code)).json<Record<string, string>>();
  };
  const silently = async () => exchanged(await browser.authorize(application, { prompt: "none" }));
  const refreshed = async () => {
    const { client_id, client_secret } = application.client;
    const form = { grant_type: "refresh_token", client_id, client_secret, refresh_token: refreshToken };
    return (await browser.token(form)).json<Record<string, string>>();
  };
  const withMaxAge = () => browser.authorize(application, { max_age: String(LIMIT * 60) });

  describe("of an application that sends max_age", () => {
    it("stay with who stayed, across the limit and without a click", async () => {
      await begin("event");
      for (let times = 0; times < 3; times += 1) {
        now += BEYOND;
        assert.deepEqual(claimOf(await exchanged(await withMaxAge())), groups);
      }
    });

    it("are as old as the last real sign-in within the limit, and those of today beyond it", async () => {
      await begin("event");
      leaveGroup();
      now += WITHIN;
      assert.deepEqual(claimOf(await exchanged(await withMaxAge())), groups);
      now += BEYOND - WITHIN;
      assert.deepEqual(claimOf(await exchanged(await withMaxAge())), fewer);
      assert.deepEqual(
        claimOf(await silently()),
        fewer,
        "the real sign-in renewed the profile for silent ones",
      );
    });

    it("are given to nobody who has left the company: the directory shows its page", async () => {
      await begin("event");
      leaveCompany();
      now += BEYOND;
      const response = await withMaxAge();
      assert.match(String(response.headers.location), /^\/u\/login\?/);
      assert.equal((await browser.pick(response, ADA)).statusCode, 400);
    });
  });

  describe("where the profile is the source, by the event or by the Management API,", () => {
    for (const source of ["event", "management-api"] as const) {
      for (const [who, leave] of [
        ["stayed", () => undefined],
        ["left a group", leaveGroup],
        ["left the company", leaveCompany],
      ] as const) {
        it(`${source}: who ${who} keeps them within the limit, and not beyond it`, async () => {
          await begin(source);
          leave();
          now += WITHIN;
          assert.deepEqual(claimOf(await silently()), groups);
          assert.deepEqual(claimOf(await refreshed()), groups);
          now += BEYOND - WITHIN;
          assert.equal(claimOf(await silently()), undefined);
          assert.equal(claimOf(await refreshed()), undefined);
          const lines = test.tenant.context.signIns.traces.list()[0]?.actions[0]?.console ?? [];
          assert.match(lines.map(({ text }) => text).join(), /outcome=stale/);
        });
      }
    }
  });

  it("are those of today where the directory is synced, however old the sign-in is", async () => {
    await begin("event", "directory-sync");
    now += BEYOND;
    assert.deepEqual(claimOf(await refreshed()), groups);
    leaveGroup();
    assert.deepEqual(claimOf(await refreshed()), fewer);
    assert.deepEqual(claimOf(await silently()), fewer);
    leaveCompany();
    assert.equal(claimOf(await refreshed()), undefined);
    assert.equal(claimOf(await silently()), undefined);
  });

  it("cost a token of the Management API once a day of the tenant's clock", async () => {
    const asked = () =>
      test.tenant.context.log.list(
        ({ path, clientId }) => path.startsWith("/api/v2/users/") && clientId === "reader",
      ).length;
    const tokens = () => test.tenant.context.store.tables.logs.list(({ type }) => type === "seccft").length;
    const before = { asked: asked(), tokens: tokens() };
    await begin("management-api");
    now += WITHIN;
    await silently();
    assert.deepEqual([asked() - before.asked, tokens() - before.tokens], [2, 1]);
    now += 25 * HOUR;
    await exchanged(await browser.pick(await withMaxAge(), ADA));
    assert.deepEqual([asked() - before.asked, tokens() - before.tokens], [3, 2]);
  });
});

/** The machine client that reads profiles for the Action. */
function addReader({ tenant }: TestTenant): void {
  const { store } = tenant.context;
  store.tables.clients.put({
    client_id: "reader",
    client_secret: "a-secret-of-the-reader",
    name: "Groups reader",
    app_type: "non_interactive",
    token_endpoint_auth_method: "client_secret_post",
    grant_types: ["client_credentials"],
  });
  const deployer = store.tables.clientGrants.find((row) => row.client_id === store.deployer.clientId);
  store.tables.clientGrants.put({
    id: "cgr_reader",
    client_id: "reader",
    audience: deployer?.audience ?? "",
    scope: ["read:users"],
  });
}

function claimOf(tokens: Record<string, string>): unknown {
  assert.ok(tokens["id_token"], JSON.stringify(tokens));
  return payloadOf(tokens["id_token"])[settings.groupsClaim];
}
