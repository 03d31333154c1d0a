import type { DeployedAction, FlowOutcome, SessionChanges } from "../actions/types.ts";
import type { TenantContext } from "../context.ts";
import type { UserEntity } from "../store/entities.ts";
import { shownText } from "../store/own-address.ts";
import { allowedClaims } from "./claims.ts";
import { buildEvent } from "./event.ts";
import type { Carried } from "../sessions/carried.ts";
import type { PostLoginInput } from "./input.ts";
import { flowLookups } from "./flow-lookups.ts";
import { buildTrace } from "./build-trace.ts";
import type { Trace } from "../sessions/traces.ts";

/** Where the post-login trigger ended. */
export type PostLoginResult = {
  readonly trace: Trace;
  /** What Actions asked for about the session and the refresh token. */
  readonly session: SessionChanges;
  readonly refreshToken: SessionChanges;
  readonly recordedMethods: readonly string[];
} & (
  | {
      readonly status: "completed";
      readonly scope: readonly string[];
      readonly idTokenClaims: Readonly<Record<string, unknown>>;
      readonly accessTokenClaims: Readonly<Record<string, unknown>>;
    }
  | { readonly status: "denied" | "failed"; readonly description: string }
  | {
      readonly status: "redirect";
      readonly url: string;
      readonly actionId: string;
      readonly carried: Carried;
    }
);

/**
 * Runs the Actions that are bound to post-login and deployed, in binding order, writes the metadata they
 * asked for at once, and applies production's rules for claims. What happened is added to the traces.
 */
export async function runPostLogin(context: TenantContext, input: PostLoginInput): Promise<PostLoginResult> {
  const started = context.now();
  const { actions, warnings } = boundActions(context);
  const transactionMetadata = input.resume?.carried.transactionMetadata ?? {};
  const outcome = await context.actions.run({
    actions,
    event: buildEvent(context, { ...input, transactionMetadata }),
    entry: input.resume === undefined ? "onExecutePostLogin" : "onContinuePostLogin",
    ...(input.resume === undefined ? {} : { resumeAt: input.resume.actionId, transactionMetadata }),
    lookups: flowLookups(context, input.user, input.connection),
  });
  const carried = carry(input.resume?.carried, outcome);
  if (outcome.status !== "redirect") writeMetadata(context, input.user, carried);
  const auth0Api = shownText(context, input.audience ?? "").startsWith(`${context.issuer}api/`);
  const idToken = allowedClaims(carried.idTokenClaims, "ID token");
  const accessToken = allowedClaims(carried.accessTokenClaims, "access token", { auth0Api });
  const result = decide(input, outcome, carried, [idToken.tooLarge, accessToken.tooLarge]);
  const trace = buildTrace(context, input, outcome, {
    started,
    claims: { idToken: idToken.claims, accessToken: accessToken.claims },
    warnings: [...warnings, ...idToken.warnings, ...accessToken.warnings],
    status: result.status,
    ...("description" in result ? { reason: result.description } : {}),
    // The query may hold a session token.
    ...("url" in result ? { reason: `Redirected to ${result.url.split("?")[0] ?? ""}` } : {}),
  });
  context.signIns.traces.add(trace);
  const { session, refreshToken, recordedMethods } = outcome;
  const rest = { trace, session, refreshToken, recordedMethods };
  if (result.status !== "completed") return { ...result, ...rest };
  return { ...result, ...rest, idTokenClaims: idToken.claims, accessTokenClaims: accessToken.claims };
}

/** Starts what the Actions need, while the person still proves who they are. */
export function warmUpPostLogin(context: TenantContext): void {
  void context.actions.warmUp(() => boundActions(context).actions);
}

type Decision =
  | { status: "completed"; scope: string[] }
  | { status: "denied" | "failed"; description: string }
  | { status: "redirect"; url: string; actionId: string; carried: Carried };

function decide(
  input: PostLoginInput,
  outcome: FlowOutcome,
  carried: Carried,
  tooLarge: readonly (string | undefined)[],
): Decision {
  if (outcome.status === "failed") {
    const description = outcome.error?.message ?? "The post-login flow failed.";
    return { status: "failed", description };
  }
  if (outcome.status === "denied") {
    return { status: "denied", description: outcome.denial?.reason ?? "Access denied." };
  }
  if (outcome.status === "redirect" && outcome.redirect !== undefined) {
    return { status: "redirect", ...outcome.redirect, carried };
  }
  const description = tooLarge.find((text) => text !== undefined);
  if (description !== undefined) return { status: "failed", description };
  const removed = new Set(carried.removed);
  const scope = [...new Set([...input.grantedScopes, ...carried.added])].filter((name) => !removed.has(name));
  return { status: "completed", scope };
}

function carry(before: Carried | undefined, outcome: FlowOutcome): Carried {
  return {
    idTokenClaims: { ...before?.idTokenClaims, ...outcome.idTokenClaims },
    accessTokenClaims: { ...before?.accessTokenClaims, ...outcome.accessTokenClaims },
    added: [...(before?.added ?? []), ...outcome.scopes.added],
    removed: [...(before?.removed ?? []), ...outcome.scopes.removed],
    appMetadata: { ...before?.appMetadata, ...outcome.appMetadata },
    userMetadata: { ...before?.userMetadata, ...outcome.userMetadata },
    transactionMetadata: outcome.transactionMetadata,
  };
}

/** The deployed versions of the Actions bound to post-login, in order. */
function boundActions(context: TenantContext): { actions: DeployedAction[]; warnings: string[] } {
  const { tables } = context.store;
  const actions: DeployedAction[] = [];
  const warnings: string[] = [];
  for (const binding of tables.bindings.by("trigger", "post-login")) {
    const action = tables.actions.get(binding.action_id);
    const version =
      action?.deployed_version_id === undefined
        ? undefined
        : tables.actionVersions.get(action.deployed_version_id);
    if (action === undefined || version === undefined) {
      warnings.push(
        `The Action bound as ${JSON.stringify(binding.display_name)} is not deployed, so it did not run.`,
      );
      continue;
    }
    actions.push({
      id: action.id,
      name: action.name,
      versionId: version.id,
      code: version.code,
      runtime: version.runtime,
      dependencies: version.dependencies,
      secrets: Object.fromEntries(version.secrets.map(({ name, value }) => [name, value])),
    });
  }
  return { actions, warnings };
}

/**
 * One write for all that the Actions asked for, also after a denial (docs post-login-api-object,
 * `api.access.deny`).
 */
function writeMetadata(context: TenantContext, user: UserEntity, carried: Carried): void {
  const { appMetadata, userMetadata } = carried;
  if (Object.keys(appMetadata).length + Object.keys(userMetadata).length === 0) return;
  const current = context.store.tables.users.get(user.user_id);
  if (current === undefined) return;
  context.store.tables.users.put({
    ...current,
    app_metadata: patched(current.app_metadata, appMetadata),
    user_metadata: patched(current.user_metadata, userMetadata),
    updated_at: new Date(context.now()).toISOString(),
  });
}

function patched(
  current: Record<string, unknown> | undefined,
  patch: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const entries = Object.entries({ ...current, ...patch });
  return Object.fromEntries(entries.filter(([, value]) => value !== null && value !== undefined));
}
