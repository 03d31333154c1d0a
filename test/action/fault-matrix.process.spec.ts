import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { encodeClientMetadata } from "../../action/client-metadata.ts";
import type { Outcome } from "../../action/outcome.ts";
import type { ActionSettings } from "../../action/settings.ts";
import type { PostLoginEvent } from "../../action/types.ts";
import type { ActionRunner } from "../../packages/local-tenant/src/actions/types.ts";
import { createTls } from "../../packages/local-tenant/src/lib/tls.ts";
import { eventWithoutGroups, loadAction, settings } from "./support/bundled-action.ts";
import { type Answer, type FaultyTenant, startFaultyTenant, storedProfile } from "./support/faulty-tenant.ts";
import { createRunner, linesOf, runIsolated } from "./support/isolated-action.ts";

const claim = settings.groupsClaim;

/** What happens at a sign-in with a warm instance, and the requests that it must send. */
interface Fault {
  readonly what: string;
  /** How the token endpoint answers; when it is named, no token is kept from an earlier sign-in. */
  readonly token?: readonly Answer[];
  readonly user?: readonly Answer[];
  readonly outcome: Outcome;
  /** Requests for a token, then reads of the user. */
  readonly calls: readonly [token: number, user: number];
}

/** With a deadline that is never reached, each in a process of its own. */
const faults: readonly Fault[] = [
  { what: "the user takes 2 s", user: ["2 s"], outcome: "ok", calls: [0, 1] },
  { what: "the user takes 50 ms", user: ["50 ms"], outcome: "ok", calls: [0, 1] },
  { what: "the API answers", token: ["ok"], outcome: "ok", calls: [1, 1] },
  { what: "the API answers and a token is kept", outcome: "ok", calls: [0, 1] },
  { what: "the connection is reset", user: ["reset"], outcome: "network", calls: [0, 2] },
  { what: "the connection is reset once", user: ["reset", "ok"], outcome: "ok", calls: [0, 2] },
  { what: "the answer is cut", user: ["cut"], outcome: "network", calls: [0, 2] },
  { what: "the user is answered 500", user: ["500"], outcome: "api-error", calls: [0, 2] },
  { what: "the user is answered 503 once", user: ["503", "ok"], outcome: "ok", calls: [0, 2] },
  { what: "the user is answered 400", user: ["400"], outcome: "api-error", calls: [0, 1] },
  { what: "the user is answered 401", user: ["401"], outcome: "unauthorized", calls: [1, 2] },
  { what: "the user is answered 401 once", user: ["401", "ok"], outcome: "ok", calls: [1, 2] },
  { what: "the scope is missing", user: ["403"], outcome: "forbidden", calls: [0, 1] },
  { what: "the user is unknown", user: ["404"], outcome: "not-found", calls: [0, 1] },
  { what: "the limit is over at once", user: ["429", "ok"], outcome: "ok", calls: [0, 2] },
  { what: "the limit goes on", user: ["429"], outcome: "rate-limited", calls: [0, 2] },
  { what: "the limit names no end", user: ["429-unsaid", "ok"], outcome: "ok", calls: [0, 2] },
  { what: "the user is HTML", user: ["html"], outcome: "bad-answer", calls: [0, 1] },
  { what: "the user is half a document", user: ["truncated"], outcome: "bad-answer", calls: [0, 1] },
  { what: "the user is nothing", user: ["empty"], outcome: "bad-answer", calls: [0, 1] },
  { what: "the user is null", user: ["null"], outcome: "bad-answer", calls: [0, 1] },
  { what: "the groups are a list of objects", user: ["odd"], outcome: "unreadable", calls: [0, 1] },
  { what: "the user is somebody else", user: ["somebody else"], outcome: "bad-answer", calls: [0, 1] },
  { what: "the user read points elsewhere", user: ["redirect"], outcome: "network", calls: [0, 2] },
  { what: "the token takes 50 ms", token: ["50 ms"], outcome: "ok", calls: [1, 1] },
  { what: "the token request is reset", token: ["reset"], outcome: "network", calls: [2, 0] },
  { what: "the token request is reset once", token: ["reset", "ok"], outcome: "ok", calls: [2, 1] },
  { what: "the token endpoint answers 500", token: ["500"], outcome: "api-error", calls: [2, 0] },
  { what: "the credentials are wrong", token: ["401"], outcome: "unauthorized", calls: [1, 0] },
  { what: "the grant is missing", token: ["403"], outcome: "forbidden", calls: [1, 0] },
  { what: "the token's limit is over soon", token: ["429", "ok"], outcome: "ok", calls: [2, 1] },
  { what: "the token is HTML", token: ["html"], outcome: "bad-answer", calls: [1, 0] },
  { what: "the token is half a document", token: ["truncated"], outcome: "bad-answer", calls: [1, 0] },
  { what: "the token endpoint points elsewhere", token: ["redirect"], outcome: "network", calls: [2, 0] },
  { what: "the token is no text", token: ["odd"], outcome: "bad-answer", calls: [1, 0] },
  { what: "both fail once", token: ["500", "ok"], user: ["500"], outcome: "api-error", calls: [2, 1] },
];

/**
 * Those that leave the instance paused for longer than a test lasts: each meets an instance of its own, in
 * this process.
 */
const limits: readonly Fault[] = [
  { what: "the limit outlasts the deadline", user: ["429-later"], outcome: "rate-limited", calls: [0, 1] },
  { what: "the limit's end is far", user: ["429-retry-after"], outcome: "rate-limited", calls: [0, 1] },
  { what: "the token's limit goes on", token: ["429-later"], outcome: "rate-limited", calls: [1, 0] },
];

/** With a short deadline, in this process: a fresh one may take longer to load the SDK. */
const DEADLINE_MS = 500;
const late: readonly Fault[] = [
  { what: "the user takes longer than the deadline", user: ["2 s"], outcome: "timeout", calls: [0, 1] },
  { what: "the user hangs", user: ["hang"], outcome: "timeout", calls: [0, 1] },
  { what: "the user stalls", user: ["stall"], outcome: "timeout", calls: [0, 1] },
  { what: "the token hangs", token: ["hang"], outcome: "timeout", calls: [1, 0] },
  { what: "the token stalls", token: ["stall"], outcome: "timeout", calls: [1, 0] },
];

/**
 * What a sign-in is given when the groups are had: `Stored` and, at the stack's connection, two more of
 * `App-`.
 */
interface Policy {
  readonly what: string;
  readonly changes?: Partial<ActionSettings>;
  readonly metadata?: Record<string, string>;
  readonly protocol?: string;
  readonly denies?: boolean;
  /** Unless given, all groups are in the ID token. */
  readonly claims?: { readonly idToken?: object; readonly accessToken?: object; readonly saml?: object };
  /** Unless given, `ok` with all three. */
  readonly line?: string;
}

const groups = ["App-Admins", "App-Users", "Stored"];
const policies: readonly Policy[] = [
  { what: "nothing is required" },
  { what: "the stack denies", changes: { onMissingGroups: "deny" }, denies: true },
  {
    what: "the application requires groups",
    metadata: encodeClientMetadata({ groupsRequired: true }),
    denies: true,
  },
  {
    what: "the application goes without groups",
    changes: { onMissingGroups: "deny" },
    metadata: encodeClientMetadata({ groupsRequired: false }),
  },
  {
    what: "ids go into both tokens",
    changes: { groupPolicy: { identifier: "id" }, tokens: ["id", "access"] },
    claims: { idToken: { [claim]: ["stored-id"] }, accessToken: { [claim]: ["stored-id"] } },
    line: "groups=1 .* outcome=ok",
  },
  {
    what: "the assertion has the groups and they are required",
    changes: { tokens: ["id", "saml"], onMissingGroups: "deny" },
    protocol: "samlp",
    denies: true,
    claims: { saml: { [claim]: groups } },
  },
  {
    what: "the application has a policy of its own",
    changes: { tokens: ["access"] },
    metadata: encodeClientMetadata({
      groupPolicy: {
        include: ["App-*"],
        stripPrefix: "App-",
        rename: { Admins: "superuser", Users: "clerk" },
        maxCount: 1,
      },
    }),
    claims: { accessToken: { [`${claim}_truncated`]: true, [claim]: ["clerk"] } },
    line: "groups=1 .* outcome=capped",
  },
];

/** How one sign-in ended. */
interface Ending {
  readonly denied: boolean;
  readonly claims: Required<NonNullable<Policy["claims"]>>;
  readonly line: string;
  readonly calls: readonly [token: number, user: number];
}

/** One sign-in under a policy, at a tenant that is about to answer with a fault. */
type SignIn = () => Promise<Omit<Ending, "calls">>;

describe("the deployed Action and a Management API with faults", () => {
  const endings = new Map<string, Ending>();
  const tenants: FaultyTenant[] = [];
  let runner: ActionRunner;

  before(async function () {
    this.timeout(90_000);
    const tls = await createTls();
    runner = createRunner(tls.ca, policies.length);
    // The SDK takes its time to load, once in this process.
    await loadAction().run(eventWithoutGroups);
    // One after the other: a short deadline is no test of how busy this machine is.
    await Promise.all(
      policies.map(async (policy) => {
        const tenant = await startFaultyTenant();
        await walk(late, policy, tenant, inProcess(policy, tenant, DEADLINE_MS));
        for (const fault of limits) await walk([fault], policy, tenant, inProcess(policy, tenant, 10_000));
      }),
    );
    await Promise.all(
      policies.map(async (policy) => {
        const tenant = await startFaultyTenant(tls);
        await walk(faults, policy, tenant, isolated(policy, tenant));
      }),
    );
  });
  after(async () => {
    await runner.close();
    await Promise.all(tenants.map((tenant) => tenant.close()));
  });

  function isolated(policy: Policy, tenant: FaultyTenant): SignIn {
    const flow = {
      version: policy.what,
      who: employee(policy),
      changes: { ...policy.changes, managementApiTimeoutMs: 15_000 },
      // The cache is one for all instances.
      secrets: { APP_CLIENT_ID: `machine-${policies.indexOf(policy)}` },
    };
    return async () => {
      const ended = await runIsolated(runner, tenant.address, flow);
      const { idTokenClaims: idToken, accessTokenClaims: accessToken, samlAttributes: saml } = ended;
      assert.equal(ended.error, undefined);
      const denied = ended.status === "denied";
      return { denied, claims: { idToken, accessToken, saml }, line: linesOf(ended) };
    };
  }

  function inProcess(policy: Policy, tenant: FaultyTenant, managementApiTimeoutMs: number): SignIn {
    const action = loadAction({ ...policy.changes, managementApiTimeoutMs }, tenant.address);
    return async () => {
      const { denials, lines, ...claims } = await action.run(employee(policy));
      return { denied: denials.length > 0, claims, line: lines.join("\n") };
    };
  }

  /** One warm instance meets one fault after another. */
  async function walk(
    faults: readonly Fault[],
    policy: Policy,
    tenant: FaultyTenant,
    signIn: SignIn,
  ): Promise<void> {
    tenants.push(tenant);
    tenant.profile = { ...storedProfile, groups: groups.toReversed() };
    const answer = (token: readonly Answer[], user: readonly Answer[]): void =>
      void Object.assign(tenant, { token: [...token], user: [...user] });
    // First those that need an instance without a token: it gets only such that it must not keep.
    for (const fault of faults.toSorted((one, other) => Number(!one.token) - Number(!other.token))) {
      tenant.expiresIn = fault.token ? 30 : 86_400;
      // A sign-in in between keeps the instance from leaving the API alone, and gets it a token that it
      // keeps.
      answer(["ok"], ["ok"]);
      // After a limit it is paused for a second, and on a machine that is busy with other things it may miss
      // a short deadline.
      for (let tries = 0; tries < 200; tries += 1) {
        if (/outcome=(ok|capped)$/.test((await signIn()).line)) break;
        await sleep(20);
      }
      answer(fault.token ?? ["ok"], fault.user ?? ["ok"]);
      tenant.calls.length = 0;
      const ending = await signIn();
      const tokens = tenant.calls.filter(({ url }) => url === "/oauth/token").length;
      endings.set(`${fault.what}, ${policy.what}`, {
        ...ending,
        calls: [tokens, tenant.calls.length - tokens],
      });
    }
  }

  for (const fault of [...faults, ...limits, ...late]) {
    for (const policy of policies) {
      it(`ends as documented when ${fault.what} and ${policy.what}`, () => {
        const ending = endings.get(`${fault.what}, ${policy.what}`);
        assert.ok(ending);
        const had = fault.outcome === "ok";
        const denied = !had && policy.denies === true;
        assert.equal(ending.denied, denied);
        const claims = had ? (policy.claims ?? { idToken: { [claim]: groups } }) : {};
        assert.deepEqual(ending.claims, { idToken: {}, accessToken: {}, saml: {}, ...claims });
        assert.deepEqual(ending.calls, fault.calls);
        const end = had ? (policy.line ?? "groups=3 .* outcome=ok") : `groups=0 .* outcome=${fault.outcome}`;
        const line = `^workforce-sso source=${had ? "management-api" : "none"} ${end}${denied ? " login=denied" : ""}$`;
        assert.match(ending.line, new RegExp(line));
        assert.ok(ending.line.length < 256);
        const milliseconds = Number(/ ms=(\d+) /.exec(ending.line)?.[1]);
        if (late.includes(fault)) assert.ok(milliseconds >= DEADLINE_MS - 1, String(milliseconds));
      });
    }
  }
});

function employee(policy: Policy): PostLoginEvent {
  return {
    ...eventWithoutGroups,
    client: { metadata: policy.metadata ?? {} },
    transaction: { protocol: policy.protocol ?? "oidc-basic-profile" },
    resource_server: { identifier: "https://reports.xyz.example/api" },
  };
}
