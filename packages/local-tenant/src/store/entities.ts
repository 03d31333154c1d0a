/** Anything that JSON can carry. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/**
 * What the tenant keeps. Objects of the Management API are kept in their wire shape (snake case), so that
 * what was stored is what is answered; the few fields of ours that never leave the tenant are named in the
 * comments.
 */
export interface ClientEntity {
  client_id: string;
  client_secret?: string;
  name: string;
  app_type?: string;
  token_endpoint_auth_method?: string;
  grant_types?: string[];
  callbacks?: string[];
  allowed_logout_urls?: string[];
  client_metadata?: Record<string, string>;
  is_first_party?: boolean;
  global?: boolean;
  [key: string]: unknown;
}

/** A public key of a client, for `private_key_jwt`. `pem` is kept and never answered. */
export interface ClientCredentialEntity {
  id: string;
  client_id: string;
  pem: string;
  [key: string]: unknown;
}

export interface ClientGrantEntity {
  id: string;
  client_id: string;
  audience: string;
  scope: string[];
  [key: string]: unknown;
}

export interface ConnectionEntity {
  id: string;
  name: string;
  strategy: string;
  options: Record<string, unknown>;
  /** Ids of the clients that may use it, in the order in which they were enabled. */
  enabled_clients: string[];
  [key: string]: unknown;
}

export interface ResourceServerEntity {
  id: string;
  identifier: string;
  name: string;
  scopes?: { value: string; description?: string }[];
  is_system?: boolean;
  [key: string]: unknown;
}

export interface ActionDependency {
  name: string;
  version: string;
}

/** An Action's draft. `secrets[].value` is kept and never answered. */
export interface ActionEntity {
  id: string;
  name: string;
  supported_triggers: { id: string; version: string }[];
  code: string;
  dependencies: ActionDependency[];
  runtime: string;
  secrets: { name: string; value: string; updated_at: string }[];
  status: string;
  created_at: string;
  updated_at: string;
  /** Id of the deployed version, if any. */
  deployed_version_id?: string;
  [key: string]: unknown;
}

/** What was deployed: a copy of the draft of that moment, with the secrets' values (never answered). */
export interface ActionVersionEntity {
  id: string;
  action_id: string;
  number: number;
  code: string;
  dependencies: ActionDependency[];
  runtime: string;
  secrets: { name: string; value: string; updated_at: string }[];
  supported_triggers: { id: string; version: string }[];
  created_at: string;
  updated_at: string;
  [key: string]: unknown;
}

/** One Action bound to a trigger. The order in the table is the order in which they run. */
export interface BindingEntity {
  id: string;
  trigger_id: string;
  action_id: string;
  display_name: string;
  created_at: string;
  updated_at: string;
}

/** A permission: one scope of one API. */
export interface Permission {
  readonly resource_server_identifier: string;
  readonly permission_name: string;
}

export interface RoleEntity {
  id: string;
  name: string;
  description: string | null;
  /** Permissions of the role. */
  permissions: Permission[];
}

export interface UserIdentity {
  connection: string;
  provider: string;
  user_id: string;
  isSocial: boolean;
  profileData?: Record<string, unknown>;
}

/**
 * A profile in its wire shape. `password_hash`, `roles` and `permissions` are kept and not answered with it.
 */
export interface UserEntity {
  user_id: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
  nickname?: string;
  identities: UserIdentity[];
  app_metadata?: Record<string, unknown>;
  user_metadata?: Record<string, unknown>;
  blocked?: boolean;
  created_at: string;
  updated_at: string;
  [key: string]: unknown;
}

/** A key pair that signs tokens. `private_jwk` never leaves the tenant. */
export interface SigningKeyEntity {
  kid: string;
  private_jwk: JsonObject;
  /** PEM of the self-signed certificate. */
  cert: string;
  pkcs7: string;
  /** SHA-1 of the certificate, as JWKS and the signing keys endpoint give it. */
  thumbprint: string;
  /** `true` on the one key that signs now. */
  current: boolean;
  next: boolean;
  previous: boolean;
  current_since?: string;
  current_until?: string;
  revoked: boolean;
  revoked_at?: string;
}

/** A row of the tenant's log (`GET /logs`), in its wire shape. */
export interface LogEntity {
  log_id: string;
  _id: string;
  date: string;
  type: string;
  [key: string]: unknown;
}

/**
 * A setting of production that nothing here acts on: kept as it was written, under its path, so that it can
 * be read again.
 */
export interface DocumentEntity {
  path: string;
  value: unknown;
}
