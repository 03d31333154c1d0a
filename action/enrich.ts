import { writeClaims } from "./claim.ts";
import type { DecodedMetadata } from "./client-metadata.ts";
import { policyFor } from "./effective-policy.ts";
import type { Run } from "./outcome.ts";
import { selectGroups } from "./policy.ts";
import { attributesOf } from "./profile.ts";
import type { ActionSettings } from "./settings.ts";
import { findGroups } from "./sources.ts";
import type { PostLoginApi, PostLoginEvent } from "./types.ts";

/** Finds the employee's groups, applies the policies to them, and writes the claim. */
export async function enrich(
  event: PostLoginEvent,
  api: PostLoginApi,
  settings: ActionSettings,
  application: DecodedMetadata,
  notes: string[],
): Promise<Run> {
  const { user = {} } = event;
  const { name: connection = "", strategy = "" } = event.connection ?? {};
  const known = settings.connections.includes(connection) || settings.strategies.includes(strategy);
  if (!known) return { outcome: "skipped" };
  const bytes = Buffer.byteLength(JSON.stringify(user));
  // From 2027-03 on Auth0 refuses a profile of more than 10 kB
  // (https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations).
  if (bytes > 8192) notes.push(`profile=${(bytes / 1000).toFixed(1)}kB`);
  if (application.invalid) return { outcome: "bad-policy" };
  const attributes = attributesOf(user, connection, settings.linkedIdentities);
  if (!attributes) return { outcome: "linked" };
  const policy = policyFor(settings, connection, application);
  const { identifier } = policy;
  const deadline = performance.now() + settings.managementApiTimeoutMs;
  const search = { event, api, settings, connection, identifier, attributes, deadline, notes };
  const found = await findGroups(search);
  if (!found.groups) return found;
  const { source, groups } = found;
  if (groups.length === 0) return { source, outcome: "empty" };
  const selected = selectGroups(groups, policy);
  if (selected.length === 0) return { source, outcome: "filtered" };
  return { source, ...writeClaims(event, api, settings, policy, selected) };
}
