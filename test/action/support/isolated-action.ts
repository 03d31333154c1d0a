import { fileURLToPath } from "node:url";
import type { ActionSettings } from "../../../action/settings.ts";
import type { PostLoginEvent } from "../../../action/types.ts";
import { createActionRunner } from "../../../packages/local-tenant/src/actions/runner.ts";
import type {
  ActionRunner,
  FlowOutcome,
  FlowLookups,
} from "../../../packages/local-tenant/src/actions/types.ts";
import { bundled, event, settings } from "./bundled-action.ts";

/** A tenant that syncs nothing. */
export const lookups: FlowLookups = {
  getUserGroups: async () => ({ groups: [] }),
  hasGroupMembership: async () => ({ memberships: {} }),
  getUserEffectiveRoles: async () => ({ roles: [] }),
};

/** One sign-in through the post-login flow. */
export interface Flow {
  /** Each one is an instance of its own, which stays warm. */
  readonly version: string;
  readonly who: PostLoginEvent;
  readonly changes?: Partial<ActionSettings>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly lookups?: Partial<FlowLookups>;
}

/** The tenant's own place for Actions, for as many warm instances, whose calls trust this authority. */
export function createRunner(ca: string, maxInstances: number): ActionRunner {
  return createActionRunner({
    ca,
    projectFolder: fileURLToPath(new URL("../../..", import.meta.url)),
    maxInstances,
  });
}

/**
 * Runs the Action, built as the stack builds it, in a process of its own; its Management API is at this HTTPS
 * address.
 */
export function runIsolated(runner: ActionRunner, address: string, flow: Flow): Promise<FlowOutcome> {
  const { authentication, client, connection, resource_server, transaction, user } = flow.who;
  const { host } = new URL(address);
  return runner.run({
    actions: [
      {
        id: "act_1",
        name: "Enrich JWT with Groups from AD",
        versionId: flow.version,
        runtime: "node22",
        ...bundled({ ...settings, ...flow.changes }),
        secrets: {
          ...event.secrets,
          TENANT: host,
          AUDIENCE: `https://${host}/api/v2/`,
          ...flow.secrets,
        },
      },
    ],
    event: { authentication, client, connection, resource_server, transaction, user },
    entry: "onExecutePostLogin",
    lookups: { ...lookups, ...flow.lookups },
  });
}

/** All that a run has printed. */
export function linesOf(flow: FlowOutcome): string {
  return flow.runs[0]?.console.map(({ text }) => text).join("\n") ?? "";
}
