import type { TenantContext } from "../context.ts";
import type { HttpFacts } from "../post-login/event.ts";
import { runPostLogin } from "../post-login/pipeline.ts";
import type { PostLoginResult } from "../post-login/pipeline.ts";
import { grantedScopes } from "../post-login/granted-scopes.ts";
import type { Grant } from "../sessions/grant.ts";
import type { RequestDetails } from "../sessions/log-event.ts";
import type { Session } from "../sessions/sessions.ts";
import type { AuthorizeRequest, Resume } from "../sessions/transaction.ts";
import type { ClientEntity, ConnectionEntity, UserEntity } from "../store/entities.ts";

/** A person who has proved who they are, and the request for which they did so. */
export interface ProvenSignIn {
  readonly authorize: AuthorizeRequest;
  readonly client: ClientEntity;
  readonly connection: ConnectionEntity;
  readonly user: UserEntity;
  readonly session: Session;
  readonly resume?: Resume;
}

/** Why somebody who has proved who they are may not go on, or `undefined`. */
export function refusalOf(user: UserEntity): string | undefined {
  return user.blocked === true ? "user is blocked" : undefined;
}

/** A session that begins with this proof; it is not kept yet. */
export function newSession(
  context: TenantContext,
  user: UserEntity,
  connection: ConnectionEntity,
  method: Session["method"],
): Session {
  const now = context.now();
  return context.signIns.sessions.begin(
    {
      id: context.ids.alphanumeric(32),
      userId: user.user_id,
      connectionId: connection.id,
      authenticatedAt: now,
      createdAt: now,
      method,
      clients: new Set(),
    },
    context.store.settings,
  );
}

/** Runs the post-login trigger for a sign-in. */
export function runTrigger(
  context: TenantContext,
  signIn: ProvenSignIn,
  { request, http }: { readonly request: RequestDetails; readonly http: HttpFacts },
): Promise<PostLoginResult> {
  const { authorize, client, connection, user, session } = signIn;
  const { audience } = authorize;
  return runPostLogin(context, {
    client,
    connection,
    user,
    protocol: "oidc-basic-profile",
    requestedScopes: authorize.scope,
    grantedScopes: grantedScopes(context, client, user, authorize),
    ...(audience === undefined ? {} : { audience }),
    request,
    http,
    method: session.method,
    authenticatedAt: session.authenticatedAt,
    session,
    authorize,
    ...(signIn.resume === undefined ? {} : { resume: signIn.resume }),
  });
}

/** What the tokens of a sign-in are made of, after the trigger has let it through. */
export function grantOf(signIn: ProvenSignIn, result: PostLoginResult & { status: "completed" }): Grant {
  const { authorize, client, user, session, connection } = signIn;
  return {
    clientId: client.client_id,
    userId: user.user_id,
    connectionId: connection.id,
    sessionId: session.id,
    scope: result.scope,
    ...(authorize.audience === undefined ? {} : { audience: authorize.audience }),
    authenticatedAt: session.authenticatedAt,
    method: session.method,
    ...(authorize.nonce === undefined ? {} : { nonce: authorize.nonce }),
    idTokenClaims: result.idTokenClaims,
    accessTokenClaims: result.accessTokenClaims,
  };
}
