import type {
  ActionRun,
  ActionRunner,
  DeployedAction,
} from "../../../packages/local-tenant/src/actions/types.ts";
import { groupsOf } from "../../../packages/local-tenant/src/index.ts";
import { runPostLogin } from "../../../packages/local-tenant/src/post-login/pipeline.ts";
import { signInEmployee } from "../../../packages/local-tenant/src/directory/sign-in-employee.ts";
import type { UserEntity } from "../../../packages/local-tenant/src/store/entities.ts";
import { CLAIM } from "../subjects/people.ts";
import type { RunningTenant } from "../../../packages/local-tenant/src/running-tenant.ts";

/**
 * `free`: the event carries the profile's root attributes. `fallback`: it carries none of them, and the
 * stored profile has to be asked for.
 */
export type Path = "free" | "fallback";

/** How one run of the post-login trigger went. */
export interface Login {
  /** Tokens were issued. */
  readonly succeeded: boolean;
  /**
   * The ID token's claim has exactly the employee's groups; of more than 100 the first 100, marked as cut,
   * will do.
   */
  readonly rightGroups: boolean;
  /** From the call of the trigger to its end, with the way to the Action's process and back. */
  readonly milliseconds: number;
  /** The handler's own time, measured where it runs; absent when it did not end. */
  readonly handler?: number;
  /** The Action's console, without what the measuring adds. */
  readonly lines: readonly string[];
  readonly error?: string;
}

export interface LoginOptions {
  /** What signs in, counted on: the employees take turns. */
  readonly number: number;
  readonly path: Path;
  /** Runs the Actions instead of the tenant's own runner. */
  readonly runner?: ActionRunner;
  /** Logins of one instance name share warm processes with no others. */
  readonly instance?: string;
  /** Runs the Action as it is, without a stopwatch in it. */
  readonly plain?: boolean;
}

/**
 * Runs the tenant's post-login trigger as a sign-in does, for an employee whom the directory has just signed
 * in: the event, the Action in its process, and the rules for claims. Only the browser's part and the tokens'
 * signatures are left out.
 */
export async function logIn(tenant: RunningTenant, options: LoginOptions): Promise<Login> {
  const { context } = tenant;
  const { tables } = context.store;
  const [client] = tables.clients.list((row) => row.app_type === "regular_web");
  const [connection] = tables.connections.list((row) => row.strategy === "waad");
  // Of an employee without groups nobody could tell whether they were asked for.
  const employees = context.directory.employees.filter(({ groups }) => groups.length > 0);
  const employee = employees[options.number % employees.length];
  if (!client || !connection || !employee) throw new Error("The stack is not deployed on this tenant.");
  const user = signInEmployee(context, connection, employee, "127.0.0.1");
  const runner = options.runner ?? context.actions;
  const started = performance.now();
  const { trace, ...result } = await runPostLogin(
    { ...context, actions: options.plain ? runner : measuring(runner, options.instance) },
    {
      client,
      connection,
      user: options.path === "free" ? user : withoutGroups(user),
      protocol: "oidc-basic-profile",
      requestedScopes: ["openid"],
      grantedScopes: ["openid"],
      request: { ip: "127.0.0.1", userAgent: "bench", hostname: "localhost" },
      http: { method: "GET", query: {}, body: {} },
      method: "federated",
      authenticatedAt: context.now(),
    },
  );
  const milliseconds = performance.now() - started;
  const expected = groupsOf(context.directory, employee, { nested: false }).map(({ name }) => name);
  const { idToken } = trace.claims;
  return {
    succeeded: result.status === "completed",
    rightGroups: result.status === "completed" && isRight(idToken, expected),
    milliseconds,
    ...readRun(trace.actions[0]),
  };
}

/** The event's user of a tenant whose events carry no groups; the stored profile has them all the same. */
function withoutGroups(user: UserEntity): UserEntity {
  const hidden = new Set(["groups", "group_ids"]);
  // SAFETY: none of the two is among the required fields.
  return Object.fromEntries(Object.entries(user).filter(([key]) => !hidden.has(key))) as UserEntity;
}

function isRight(idToken: Readonly<Record<string, unknown>>, expected: readonly string[]): boolean {
  const claim = idToken[CLAIM];
  if (!Array.isArray(claim)) return false;
  const cut = idToken[`${CLAIM}_truncated`] === true && expected.length > MOST_GROUPS;
  const wanted = cut ? expected.toSorted().slice(0, MOST_GROUPS) : expected;
  const groups = new Set<unknown>(claim);
  return groups.size === wanted.length && wanted.every((group) => groups.has(group));
}

/** The cap of a policy that names none. */
const MOST_GROUPS = 100;

const MARK = "bench:";

/** The Action's source with a stopwatch around its handler, which prints what it read. */
function stopwatch(code: string): string {
  return `${code}
;{
  const { onExecutePostLogin } = module.exports;
  module.exports = {
    onExecutePostLogin: async (event, api) => {
      const started = performance.now();
      try {
        return await onExecutePostLogin(event, api);
      } finally {
        console.log("${MARK}" + (performance.now() - started));
      }
    },
  };
}`;
}

function measuring(runner: ActionRunner, instance = ""): ActionRunner {
  const measured = (action: DeployedAction): DeployedAction => ({
    ...action,
    id: `${action.id}${instance}`,
    code: stopwatch(action.code),
  });
  return { ...runner, run: (flow) => runner.run({ ...flow, actions: flow.actions.map(measured) }) };
}

function readRun(run: ActionRun | undefined): Pick<Login, "lines" | "handler" | "error"> {
  const texts = run?.console.map(({ text }) => text) ?? [];
  const mark = texts.find((text) => text.startsWith(MARK));
  return {
    lines: texts.filter((text) => text !== mark),
    ...(mark === undefined ? {} : { handler: Number(mark.slice(MARK.length)) }),
    ...(run?.error === undefined ? {} : { error: run.error }),
  };
}
