import type { FlowOutcome } from "../actions/types.ts";
import type { TenantContext } from "../context.ts";
import type { PostLoginInput } from "./input.ts";
import type { Trace } from "../sessions/traces.ts";

/** The trace of one run of the post-login trigger. */
export function buildTrace(
  context: TenantContext,
  input: PostLoginInput,
  outcome: FlowOutcome,
  end: {
    started: number;
    claims: Trace["claims"];
    warnings: readonly string[];
    status: Trace["outcome"];
    reason?: string;
  },
): Trace {
  const { client, connection, user } = input;
  const warnings = [...end.warnings, ...outcome.runs.flatMap((run) => run.warnings)];
  return {
    id: context.ids.hex(16),
    time: end.started,
    milliseconds: Math.max(0, context.now() - end.started),
    client: { id: client.client_id, name: client.name },
    user: {
      id: user.user_id,
      ...(user.email === undefined ? {} : { email: user.email }),
      ...(user.name === undefined ? {} : { name: user.name }),
    },
    connection: { id: connection.id, name: connection.name, strategy: connection.strategy },
    protocol: input.protocol,
    actions: outcome.runs,
    managementCalls: managementCalls(context, outcome),
    claims: end.claims,
    warnings: [...new Set(warnings)],
    outcome: end.status,
    ...(end.reason === undefined ? {} : { reason: end.reason }),
  };
}

function managementCalls(context: TenantContext, outcome: FlowOutcome): Trace["managementCalls"] {
  return outcome.runs
    .flatMap((run) => run.httpCalls)
    .filter(
      ({ url }) =>
        context.managementAudiences.some((audience) => url.startsWith(audience)) ||
        context.domains.some((domain) => url.startsWith(`https://${domain}/oauth/token`)),
    )
    .map(({ method, url, status, milliseconds }) => ({
      method,
      path: url.replace(/^https:\/\/[^/]+/, ""),
      ...(status === undefined ? {} : { status }),
      milliseconds,
    }));
}
