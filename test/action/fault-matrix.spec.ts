import assert from "node:assert/strict";
import type { Outcome } from "../../action/outcome.ts";
import { encodeClientMetadata } from "../../action/client-metadata.ts";
import { eventWithoutGroups, loadAction, settings } from "./support/bundled-action.ts";
import { type Answer, type FaultyTenant, startFaultyTenant } from "./support/faulty-tenant.ts";

/** A fault, and how the sign-in must end: the outcome in the log line and the requests that were sent. */
interface Fault {
  readonly what: string;
  readonly token?: Answer[];
  readonly user?: Answer[];
  readonly outcome: Outcome;
  readonly tokenCalls: number;
  readonly userCalls: number;
  /** A deadline that the fault runs into; else one that it never reaches. */
  readonly timeoutMs?: number;
}

const faults: Fault[] = [
  { what: "the API answers", outcome: "ok", tokenCalls: 1, userCalls: 1 },
  {
    what: "the user endpoint hangs",
    user: ["hang"],
    outcome: "timeout",
    tokenCalls: 1,
    userCalls: 1,
    timeoutMs: 300,
  },
  {
    what: "the user endpoint stalls",
    user: ["stall"],
    outcome: "timeout",
    tokenCalls: 1,
    userCalls: 1,
    timeoutMs: 300,
  },
  { what: "the connection is reset", user: ["reset"], outcome: "network", tokenCalls: 1, userCalls: 2 },
  { what: "the connection is reset once", user: ["reset", "ok"], outcome: "ok", tokenCalls: 1, userCalls: 2 },
  { what: "the answer is cut", user: ["cut"], outcome: "network", tokenCalls: 1, userCalls: 2 },
  { what: "the user endpoint answers 500", user: ["500"], outcome: "api-error", tokenCalls: 1, userCalls: 2 },
  {
    what: "the user endpoint answers 503 once",
    user: ["503", "ok"],
    outcome: "ok",
    tokenCalls: 1,
    userCalls: 2,
  },
  { what: "the user endpoint answers 400", user: ["400"], outcome: "api-error", tokenCalls: 1, userCalls: 1 },
  {
    what: "the user endpoint answers 401",
    user: ["401"],
    outcome: "unauthorized",
    tokenCalls: 2,
    userCalls: 2,
  },
  {
    what: "the user endpoint answers 401 once",
    user: ["401", "ok"],
    outcome: "ok",
    tokenCalls: 2,
    userCalls: 2,
  },
  { what: "the scope is missing", user: ["403"], outcome: "forbidden", tokenCalls: 1, userCalls: 1 },
  { what: "the user is unknown", user: ["404"], outcome: "not-found", tokenCalls: 1, userCalls: 1 },
  { what: "the limit is over at once", user: ["429", "ok"], outcome: "ok", tokenCalls: 1, userCalls: 2 },
  { what: "the limit goes on", user: ["429"], outcome: "rate-limited", tokenCalls: 1, userCalls: 2 },
  {
    what: "the limit is over after the deadline",
    user: ["429-later", "ok"],
    outcome: "rate-limited",
    tokenCalls: 1,
    userCalls: 1,
  },
  {
    what: "the user endpoint answers HTML",
    user: ["html"],
    outcome: "bad-answer",
    tokenCalls: 1,
    userCalls: 1,
  },
  {
    what: "the user endpoint answers half a document",
    user: ["truncated"],
    outcome: "bad-answer",
    tokenCalls: 1,
    userCalls: 1,
  },
  {
    what: "the user endpoint answers nothing",
    user: ["empty"],
    outcome: "bad-answer",
    tokenCalls: 1,
    userCalls: 1,
  },
  {
    what: "the user endpoint answers null",
    user: ["null"],
    outcome: "bad-answer",
    tokenCalls: 1,
    userCalls: 1,
  },
  { what: "the groups are no list", user: ["odd"], outcome: "missing", tokenCalls: 1, userCalls: 1 },
  {
    what: "the token endpoint hangs",
    token: ["hang"],
    outcome: "timeout",
    tokenCalls: 1,
    userCalls: 0,
    timeoutMs: 300,
  },
  {
    what: "the token endpoint stalls",
    token: ["stall"],
    outcome: "timeout",
    tokenCalls: 1,
    userCalls: 0,
    timeoutMs: 300,
  },
  { what: "the token request is reset", token: ["reset"], outcome: "network", tokenCalls: 2, userCalls: 0 },
  {
    what: "the token request is reset once",
    token: ["reset", "ok"],
    outcome: "ok",
    tokenCalls: 2,
    userCalls: 1,
  },
  {
    what: "the token endpoint answers 500",
    token: ["500"],
    outcome: "api-error",
    tokenCalls: 2,
    userCalls: 0,
  },
  { what: "the credentials are wrong", token: ["401"], outcome: "unauthorized", tokenCalls: 1, userCalls: 0 },
  { what: "the grant is missing", token: ["403"], outcome: "forbidden", tokenCalls: 1, userCalls: 0 },
  {
    what: "the token endpoint is limited",
    token: ["429-later"],
    outcome: "rate-limited",
    tokenCalls: 1,
    userCalls: 0,
  },
  {
    what: "the token endpoint answers HTML",
    token: ["html"],
    outcome: "bad-answer",
    tokenCalls: 1,
    userCalls: 0,
  },
  {
    what: "the token endpoint answers half a document",
    token: ["truncated"],
    outcome: "bad-answer",
    tokenCalls: 1,
    userCalls: 0,
  },
  {
    what: "the token endpoint sends the credentials elsewhere",
    token: ["redirect"],
    outcome: "network",
    tokenCalls: 2,
    userCalls: 0,
  },
  { what: "the token is no text", token: ["odd"], outcome: "bad-answer", tokenCalls: 1, userCalls: 0 },
  {
    what: "both fail once",
    token: ["500", "ok"],
    user: ["500"],
    outcome: "api-error",
    tokenCalls: 2,
    userCalls: 1,
  },
];

const policies = [
  { what: "nothing is required", onMissingGroups: "omit", metadata: {}, denies: false },
  { what: "the stack denies", onMissingGroups: "deny", metadata: {}, denies: true },
  {
    what: "the application requires groups",
    onMissingGroups: "omit",
    metadata: encodeClientMetadata({ groupsRequired: true }),
    denies: true,
  },
  {
    what: "the application goes without groups",
    onMissingGroups: "deny",
    metadata: encodeClientMetadata({ groupsRequired: false }),
    denies: false,
  },
] as const;

describe("the Action and a Management API with faults", () => {
  let tenant: FaultyTenant;

  before(async () => {
    tenant = await startFaultyTenant();
    // The SDK takes its time to load, once in this process.
    await loadAction({}, tenant.address).run(eventWithoutGroups);
  });
  after(() => tenant.close());

  for (const fault of faults) {
    for (const policy of policies) {
      it(`ends as documented when ${fault.what} and ${policy.what}`, async () => {
        tenant.calls.length = 0;
        tenant.token = [...(fault.token ?? ["ok"])];
        tenant.user = [...(fault.user ?? ["ok"])];
        const action = loadAction(
          {
            onMissingGroups: policy.onMissingGroups,
            ...(fault.timeoutMs ? { managementApiTimeoutMs: fault.timeoutMs } : {}),
          },
          tenant.address,
        );

        const run = await action.run({ ...eventWithoutGroups, client: { metadata: policy.metadata } });

        const fine = fault.outcome === "ok";
        assert.deepEqual(run.idToken, fine ? { [settings.groupsClaim]: ["Stored"] } : {});
        assert.equal(run.denials.length, policy.denies && !fine ? 1 : 0);
        const source = fine ? "management-api" : "none";
        const denied = policy.denies && !fine ? " login=denied" : "";
        const line = `^workforce-sso source=${source} groups=${fine ? 1 : 0} ms=\\d+ outcome=${fault.outcome}${denied}$`;
        assert.equal(run.lines.length, 1);
        assert.match(run.lines[0] ?? "", new RegExp(line));
        const tokenCalls = tenant.calls.filter(({ url }) => url === "/oauth/token").length;
        assert.deepEqual(
          { tokenCalls, userCalls: tenant.calls.length - tokenCalls },
          { tokenCalls: fault.tokenCalls, userCalls: fault.userCalls },
        );
      });
    }
  }
});
