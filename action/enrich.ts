import { writeClaims } from "./claim.ts";
import type { DecodedMetadata } from "./client-metadata.ts";
import { type EffectivePolicy, effectivePolicy } from "./effective-policy.ts";
import type { Run } from "./outcome.ts";
import { selectGroups } from "./policy.ts";
import { attributesOf } from "./profile.ts";
import type { ActionSettings } from "./settings.ts";
import { findGroups } from "./sources.ts";
import type { PostLoginApi, PostLoginEvent } from "./types.ts";

/** Finds the employee's groups, applies the policies to them and writes the claim. */
export async function enrich(
  event: PostLoginEvent,
  api: PostLoginApi,
  settings: ActionSettings,
  application: DecodedMetadata,
  notes: string[],
): Promise<Run> {
  const { name: connection = "", strategy = "" } = event.connection ?? {};
  const known = settings.connections.includes(connection) || settings.strategies.includes(strategy);
  if (!known) return { outcome: "skipped" };
  if (application.invalid) return { outcome: "bad-policy" };
  const attributes = attributesOf(event.user ?? {}, connection, settings.linkedIdentities);
  if (!attributes) return { outcome: "linked" };
  const policy = policyFor(settings, connection, application);
  const { identifier } = policy;
  const deadline = performance.now() + settings.managementApiTimeoutMs;
  const search = { event, api, settings, connection, identifier, attributes, deadline, notes };
  const found = await findGroups(search);
  if (!found.groups) return found;
  const { source } = found;
  if (found.groups.length === 0) return { source, outcome: "empty" };
  const selected = selectGroups(found.groups, policy);
  if (selected.length === 0) return { source, outcome: "filtered" };
  const { groups, capped } = writeClaims(api, settings, policy, selected, event.transaction?.protocol);
  return { source, count: groups.length, outcome: capped ? "capped" : "ok" };
}

/** The stack's policy, inside of it the directory's, inside of that the application's. */
function policyFor(
  { groupPolicy, directoryPolicies = {} }: ActionSettings,
  connection: string,
  application: DecodedMetadata,
): EffectivePolicy {
  // Asked as an own property: a connection may be called "constructor".
  const directory = Object.hasOwn(directoryPolicies, connection) ? directoryPolicies[connection] : undefined;
  return effectivePolicy([groupPolicy, directory ?? {}, application.groupPolicy ?? {}]);
}
