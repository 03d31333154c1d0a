import assert from "node:assert/strict";
import { loadDirectory } from "../../packages/local-tenant/src/index.ts";
import {
  type TestApplication,
  addApplication,
  addBoundAction,
} from "../../packages/local-tenant/test/support/application.ts";
import { Agent, answerOf, payloadOf } from "../../packages/local-tenant/test/support/oauth.ts";
import { perSuite } from "../../packages/local-tenant/test/support/per-suite.ts";
import { sampleDirectoryFile } from "../support/sample.ts";
import { startTestTenant } from "../../packages/local-tenant/test/support/tenant.ts";
import { bundled, settings } from "./support/bundled-action.ts";

const claim = settings.groupsClaim;
const MINUTE = 60_000;
const LIMIT = 15;
const inTime = (LIMIT - 1) * MINUTE;
const tooLate = (LIMIT + 1) * MINUTE;
const maxAge = String(LIMIT * 60);
const employee = "ada.lindqvist@xyz.example";

/**
 * What becomes of the employee after a real sign-in: the groups that the next one gives, or undefined where
 * there is none.
 */
interface Fate {
  readonly who: string;
  readonly change: (groups: readonly string[]) => readonly string[] | undefined;
}

const fates: readonly Fate[] = [
  { who: "stayed", change: (groups) => groups },
  { who: "left a group", change: (groups) => groups.slice(1) },
  { who: "left the company", change: () => undefined },
];

describe(`the groups of an employee, with a limit of ${LIMIT} minutes`, () => {
  const company = loadDirectory(sampleDirectoryFile);
  let directory = company;
  const groups = company.employees.find(({ email }) => email === employee)?.groups.toSorted() ?? [];
  let now = Date.parse("2031-05-06T12:00:00.000Z");
  const test = perSuite(() => startTestTenant({ directory: () => directory, now: () => now }));
  const application = perSuite(() => addApplication(test));
  const strict = perSuite(() =>
    addApplication(test, { client: { client_metadata: { groups_required: "true" } } }),
  );

  before(() => {
    assert.ok(groups.length > 1);
    const connections = [application, strict].map(({ connection }) => connection.name);
    const groupSources = ["event"] as const;
    addBoundAction(
      test,
      bundled({ ...settings, groupSources, groupsMaxAgeMinutes: LIMIT, connections }).code,
    );
  });
  beforeEach(() => {
    now += 24 * 60 * MINUTE;
    directory = company;
  });

  /** A real sign-in, after which the employee's fate is met and time goes by. */
  async function signedIn(
    whereTo: TestApplication,
    after: readonly string[] | undefined,
    later: number,
  ): Promise<{ agent: Agent; refreshToken: string }> {
    const agent = new Agent(test);
    const tokens = await agent.tokens(whereTo, { employee, scope: "openid offline_access" });
    assert.deepEqual(claimOf(tokens), groups);
    now += later;
    const employees = company.employees.flatMap((one) =>
      one.email !== employee ? [one] : after === undefined ? [] : [{ ...one, groups: after }],
    );
    directory = { ...company, employees };
    return { agent, refreshToken: tokens["refresh_token"] ?? "" };
  }

  async function silent(agent: Agent, whereTo: TestApplication): Promise<Record<string, string>> {
    const answer = answerOf(await agent.authorize(whereTo, { prompt: "none" }));
    if (answer["code"] === undefined) return answer;
    return (await agent.exchange(whereTo, answer["code"])).json();
  }

  async function refreshed(
    agent: Agent,
    whereTo: TestApplication,
    token: string,
  ): Promise<Record<string, string>> {
    const { client_id, client_secret } = whereTo.client;
    const answer = await agent.token({
      grant_type: "refresh_token",
      client_id,
      client_secret,
      refresh_token: token,
    });
    return answer.json();
  }

  for (const { who, change } of fates) {
    it(`who ${who} are those of the real sign-in before the limit, at a silent one and at a refresh`, async () => {
      const { agent, refreshToken } = await signedIn(application, change(groups), inTime);
      assert.deepEqual(claimOf(await silent(agent, application)), groups);
      assert.deepEqual(claimOf(await refreshed(agent, application, refreshToken)), groups);
    });

    it(`who ${who} are in no token after the limit, at a silent sign-in or at a refresh`, async () => {
      const { agent, refreshToken } = await signedIn(application, change(groups), tooLate);
      // Not made younger by what the first of the two renews.
      for (const answer of [
        await silent(agent, application),
        await silent(agent, application),
        await refreshed(agent, application, refreshToken),
      ]) {
        assert.ok(answer["id_token"]);
        assert.equal(claimOf(answer), undefined);
      }
    });

    it(`who ${who} are missing after the limit for an application that requires them`, async () => {
      const { agent, refreshToken } = await signedIn(strict, change(groups), tooLate);
      assert.equal((await silent(agent, strict))["error"], "access_denied");
      assert.equal((await refreshed(agent, strict, refreshToken))["error"], "access_denied");
    });

    it(`who ${who} are what the directory says where the application sends max_age`, async () => {
      const after = change(groups);
      const { agent } = await signedIn(application, after, tooLate);
      const hidden = answerOf(await agent.authorize(application, { prompt: "none", max_age: maxAge }));
      assert.equal(hidden["error"], "login_required");
      // The directory's own session is still there, so who has not left is back without a click.
      const { code } = answerOf(await agent.authorize(application, { max_age: maxAge }));
      if (after === undefined) assert.equal(code, undefined);
      else assert.deepEqual(claimOf((await agent.exchange(application, code ?? "")).json()), after);
    });
  }

  it("who comes back within the limit cost the directory no second look", async () => {
    const { agent } = await signedIn(application, groups.slice(1), inTime);
    const redirect = await agent.authorize(application, { max_age: maxAge });
    const { code = "" } = answerOf(redirect);
    assert.deepEqual(claimOf((await agent.exchange(application, code)).json()), groups);
  });
});

function claimOf(tokens: Record<string, string>): unknown {
  return payloadOf(tokens["id_token"])[claim];
}
