import type { PlainObject, TransactionValue } from "../actions/types.ts";
import type { TenantContext } from "../context.ts";
import type { RequestDetails } from "../sessions/log-event.ts";
import type { Session } from "../sessions/sessions.ts";
import type { AuthorizeRequest } from "../sessions/transaction.ts";
import type { ClientEntity, ConnectionEntity, UserEntity } from "../store/entities.ts";
import { shownText } from "../store/own-address.ts";
import { rolesOf } from "../store/user-roles.ts";
import { tenantName } from "./flow-lookups.ts";

/** The HTTP request that leads to tokens, as `event.request` shows it. */
export interface HttpFacts {
  readonly method: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly language?: string;
}

/**
 * The refresh token that is being exchanged, as `event.refresh_token` shows it. Times are milliseconds since
 * the epoch.
 */
export interface RefreshTokenFacts {
  readonly id: string;
  /** When the token was made: a rotated one is younger than the sign-in that it goes back to. */
  readonly createdAt: number;
  readonly sessionId: string;
  readonly rotating: boolean;
  readonly expiresAt?: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What an event is made of. */
export interface EventInput {
  readonly client: ClientEntity;
  readonly connection: ConnectionEntity;
  readonly user: UserEntity;
  readonly protocol: "oidc-basic-profile" | "oauth2-refresh-token";
  readonly requestedScopes: readonly string[];
  readonly audience?: string;
  readonly request: RequestDetails;
  readonly http: HttpFacts;
  readonly method: "federated" | "pwd";
  /** Milliseconds since the epoch. */
  readonly authenticatedAt: number;
  /** Absent at a refresh. */
  readonly session?: Session;
  /** Only at a refresh. */
  readonly refreshToken?: RefreshTokenFacts;
  /** Absent at a refresh. */
  readonly authorize?: AuthorizeRequest;
  readonly transactionMetadata?: Readonly<Record<string, TransactionValue>>;
}

/** Fields of a profile that the tenant keeps and never shows. */
const PRIVATE_FIELDS = new Set([
  "password_hash",
  "roles",
  "permissions",
  "logins_count",
  "last_login",
  "last_ip",
]);

/**
 * The post-login event as documented (docs
 * customize/actions/explore-triggers/signup-and-login-triggers/login-trigger/post-login-event-object), plain
 * JSON. `organization`, `custom_domain` and `geoip` are absent: the tenant has none.
 */
export function buildEvent(context: TenantContext, input: EventInput): PlainObject {
  const { client, connection, user, request, http } = input;
  return {
    authentication: {
      methods: [input.method, ...(input.session?.recordedMethods ?? [])].map((name) => ({
        name,
        timestamp: new Date(input.authenticatedAt).toISOString(),
      })),
    },
    authorization: { roles: rolesOf(context.store, user).map((role) => role.name) },
    client: { client_id: client.client_id, name: client.name, metadata: client.client_metadata ?? {} },
    connection: {
      id: connection.id,
      name: connection.name,
      strategy: connection.strategy,
      metadata: connection["metadata"] ?? {},
    },
    request: {
      hostname: request.hostname,
      ip: request.ip,
      user_agent: request.userAgent,
      method: http.method,
      query: http.query,
      body: http.body,
      geoip: {},
      ...(http.language === undefined ? {} : { language: http.language }),
    },
    ...(input.audience === undefined
      ? {}
      : { resource_server: { identifier: shownText(context, input.audience) } }),
    ...(input.session === undefined ? {} : { session: sessionFacts(input.session) }),
    ...(input.refreshToken === undefined
      ? {}
      : { refresh_token: refreshTokenFacts(input.refreshToken, client, user) }),
    stats: { logins_count: user["logins_count"] ?? 0 },
    tenant: { id: tenantName(context) },
    transaction: transactionFacts(input),
    user: eventUser(user),
  };
}

/** A profile as Actions see it. */
export function eventUser(user: UserEntity): PlainObject {
  const seen: PlainObject = { app_metadata: {}, user_metadata: {}, email_verified: false };
  for (const [key, value] of Object.entries(user)) if (!PRIVATE_FIELDS.has(key)) seen[key] = value;
  return seen;
}

function refreshTokenFacts(token: RefreshTokenFacts, client: ClientEntity, user: UserEntity): PlainObject {
  return {
    id: token.id,
    client_id: client.client_id,
    user_id: user.user_id,
    session_id: token.sessionId,
    rotating: token.rotating,
    created_at: new Date(token.createdAt).toISOString(),
    ...(token.expiresAt === undefined ? {} : { expires_at: new Date(token.expiresAt).toISOString() }),
    metadata: token.metadata ?? {},
  };
}

function sessionFacts(session: Session): PlainObject {
  return {
    id: session.id,
    user_id: session.userId,
    created_at: new Date(session.createdAt).toISOString(),
    authenticated_at: new Date(session.authenticatedAt).toISOString(),
    expires_at: new Date(session.expiresAt).toISOString(),
    clients: [...session.clients].map((client_id) => ({ client_id })),
    metadata: session.metadata ?? {},
  };
}

function transactionFacts(input: EventInput): PlainObject {
  const { authorize } = input;
  return {
    acr_values: authorize?.acrValues ?? [],
    locale: authorize?.uiLocales?.split(" ")[0] ?? "en",
    ui_locales: authorize?.uiLocales?.split(" ") ?? [],
    metadata: input.transactionMetadata ?? {},
    protocol: input.protocol,
    requested_scopes: input.requestedScopes,
    ...(authorize === undefined
      ? {}
      : {
          login_hint: authorize.loginHint,
          prompt: authorize.prompt,
          redirect_uri: authorize.redirectUri,
          response_mode: authorize.responseMode,
          response_type: ["code"],
          state: authorize.state,
        }),
  };
}
