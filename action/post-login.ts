import { type DecodedMetadata, decodeClientMetadata } from "./client-metadata.ts";
import { enrich } from "./enrich.ts";
import type { Run } from "./outcome.ts";
import type { ActionSettings } from "./settings.ts";
import type { PostLoginApi, PostLoginEvent } from "./types.ts";
import { PRODUCT } from "./product.ts";

/** The bundler puts the settings in its place. */
declare const ACTION_SETTINGS: ActionSettings;

/** The only text that the application of a denied employee gets. */
const DENIAL = "This application needs directory groups, and none could be had for this account.";

/**
 * The entry point, which Auth0 calls at every sign-in, silent sign-in and refresh-token exchange. It puts the
 * employee's directory groups into the tokens. If it cannot, it lets the sign-in go on without them or denies
 * it. It writes one log line, without personal data and names of groups. It throws only if the denial itself
 * fails; Auth0 then ends the sign-in, which has the same effect.
 */
export async function onExecutePostLogin(event: PostLoginEvent, api: PostLoginApi): Promise<void> {
  const startedAt = performance.now();
  const settings = ACTION_SETTINGS;
  const notes: string[] = [];
  let application: DecodedMetadata = {};
  let run: Run = { outcome: "fault" };
  try {
    application = decodeClientMetadata(event.client?.metadata);
    run = await enrich(event, api, settings, application, notes);
  } catch {
    // The outcome stays "fault". The error is not logged, because it may name the person.
  }
  // The stack's default applies only to its own connections, because nobody else in the tenant ever has
  // groups.
  const byDefault = settings.onMissingGroups === "deny" && run.outcome !== "skipped";
  const denied = !run.count && (application.groupsRequired ?? byDefault);
  if (denied) notes.unshift("login=denied");
  const { source = "none", count = 0, outcome } = run;
  const ms = Math.round(performance.now() - startedAt);
  const line = `${PRODUCT} source=${source} groups=${count} ms=${ms} outcome=${outcome}`;
  // Auth0 keeps 256 characters of what is logged.
  console.log([line, ...notes].join(" ").slice(0, 255));
  if (denied) api.access.deny(DENIAL);
}
