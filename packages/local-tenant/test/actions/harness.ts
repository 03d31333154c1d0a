import { createActionRunner } from "../../src/actions/runner.ts";
import type {
  ActionRunner,
  ActionRunnerOptions,
  DeployedAction,
  FlowOutcome,
  FlowLookups,
  PostLoginFlow,
} from "../../src/actions/types.ts";

let count = 0;

/** A deployed Action with the given source and an id of its own. */
export function action(code: string, changes: Partial<DeployedAction> = {}): DeployedAction {
  const id = `action-${++count}`;
  return {
    id,
    name: id,
    versionId: "version-1",
    code,
    runtime: "node22",
    dependencies: [],
    secrets: {},
    ...changes,
  };
}

/** The same with `body` as the body of its handler. */
export function handler(body: string, changes: Partial<DeployedAction> = {}): DeployedAction {
  return action(`exports.onExecutePostLogin = async (event, api) => { ${body} };`, changes);
}

/** Groups and roles of a user who has none. */
export const noLookups: FlowLookups = {
  getUserGroups: async () => ({ groups: [] }),
  hasGroupMembership: async () => ({ memberships: {} }),
  getUserEffectiveRoles: async () => ({ roles: [] }),
};

export function flow(
  actions: DeployedAction | DeployedAction[],
  changes: Partial<PostLoginFlow> = {},
): PostLoginFlow {
  return {
    actions: Array.isArray(actions) ? actions : [actions],
    event: {
      client: { client_id: "client", name: "Portal", metadata: {} },
      request: { hostname: "localhost:8443", ip: "127.0.0.1", method: "GET", query: {}, body: {} },
      transaction: { protocol: "oidc-basic-profile", metadata: {} },
      user: { user_id: "waad|ada", email: "ada@xyz.example", app_metadata: {}, user_metadata: {} },
    },
    entry: "onExecutePostLogin",
    lookups: noLookups,
    ...changes,
  };
}

/** Runs the tests of a `describe` with one runner, closed behind them. */
export function withRunner(options: ActionRunnerOptions = {}): {
  readonly run: (
    actions: DeployedAction | DeployedAction[],
    changes?: Partial<PostLoginFlow>,
  ) => Promise<FlowOutcome>;
} {
  let runner: ActionRunner;
  before(() => {
    runner = createActionRunner(options);
  });
  after(() => runner.close());
  return { run: (actions, changes) => runner.run(flow(actions, changes)) };
}

/** What the Actions of a flow printed, in order. */
export function printed(outcome: FlowOutcome): string[] {
  return outcome.runs.flatMap((run) => run.console.map(({ text }) => text));
}

/** What an Action printed as JSON in its only line. */
export function answer(outcome: FlowOutcome): unknown {
  const [line = "null"] = printed(outcome);
  return JSON.parse(line);
}
