/*
 * What the Management API answers, in its wire shape and as far as tests look at it. What a tenant may leave
 * out is optional here: a test that misses it sees `undefined`, and says so.
 */

/** The body of every refusal. */
export interface Refusal {
  readonly statusCode: number;
  readonly error: string;
  readonly message: string;
  readonly errorCode?: string;
}

/** A page of a list that is asked for with its totals. */
export interface Page {
  readonly start?: number;
  readonly limit?: number;
  readonly length?: number;
  readonly total?: number;
}

/** A page of a list that is walked: `next` leads to the page after it. */
export interface Checkpoint {
  readonly next?: string;
}

export interface Client {
  readonly client_id: string;
  readonly client_secret: string;
  readonly name: string;
  readonly app_type?: string;
  readonly callbacks?: readonly string[];
  readonly client_metadata?: Readonly<Record<string, string>>;
  readonly cross_origin_auth?: boolean;
  readonly cross_origin_authentication?: boolean;
  readonly grant_types?: readonly string[];
  readonly jwt_configuration?: object;
  readonly organization_require_behavior?: string;
  readonly refresh_token?: { readonly token_lifetime: number; readonly idle_token_lifetime: number };
  readonly third_party_security_mode?: string;
}

export interface Credential {
  readonly id: string;
  readonly alg: string;
  readonly expires_at?: string;
}

export interface ClientGrant {
  readonly id: string;
  readonly scope?: readonly string[];
}

export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly strategy: string;
  readonly options: ConnectionOptions;
  readonly cross_app_access_resource_app?: object;
  readonly display_name?: string;
  readonly enabled_clients: readonly string[];
  readonly is_domain_connection: boolean;
  readonly provisioning_ticket_url: string;
  readonly realms: readonly string[];
  readonly show_as_button?: boolean;
}

/** Options of every strategy that a test looks at. */
export interface ConnectionOptions {
  readonly app_domain?: string;
  readonly attributes?: { readonly email?: { readonly unique?: boolean } };
  readonly authentication_methods?: { readonly password?: object };
  readonly bindingMethod?: string;
  readonly brute_force_protection?: boolean;
  readonly client_id?: string;
  readonly client_secret?: string;
  readonly configuration?: Readonly<Record<string, string>>;
  readonly connection_settings?: { readonly pkce?: string };
  readonly oidc_metadata?: { readonly issuer?: string };
  readonly passwordPolicy?: string;
  readonly scope?: string | readonly string[];
  readonly signInEndpoint?: string;
  readonly signOutEndpoint?: string;
  readonly thumbprints?: readonly string[];
  readonly token_endpoint?: string;
  readonly waad_common_endpoint?: boolean;
}

export interface ResourceServer {
  readonly id: string;
  readonly identifier: string;
  readonly name: string;
  readonly is_system?: boolean;
  readonly scopes?: readonly { readonly value: string; readonly description?: string }[];
  readonly token_encryption?: { readonly encryption_key?: object };
}

export interface Action {
  readonly id: string;
  readonly name: string;
  readonly code: string;
  readonly runtime: string;
  readonly status: string;
  readonly all_changes_deployed: boolean;
  readonly deployed_version?: ActionVersion;
  readonly errors?: readonly { readonly msg: string }[];
  readonly secrets: readonly object[];
}

export interface ActionVersion {
  readonly id: string;
  readonly code: string;
  readonly deployed: boolean;
  readonly number: number;
}

/** The Actions that are bound to a trigger. */
export interface Bindings extends Page {
  readonly bindings: readonly { readonly display_name: string; readonly action: Action }[];
}

export interface Role {
  readonly id: string;
  readonly name: string;
}

/** A user's permission, and what gives it to the user. */
export interface UserPermission {
  readonly permission_name: string;
  readonly sources: readonly { readonly source_type: string }[];
}

export interface User {
  readonly user_id: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string;
  readonly nickname: string;
  readonly picture: string;
  readonly app_metadata?: object;
  readonly blocked?: boolean;
  readonly identities: readonly object[];
  readonly user_metadata?: object;
}

export interface TenantSettings {
  readonly change_password?: object;
  readonly default_redirection_uri?: string;
  readonly enabled_locales?: readonly string[];
  readonly flags: Readonly<Record<string, boolean>>;
  readonly guardian_mfa_page?: object;
  readonly session_lifetime?: number;
  readonly support_url?: string;
}

export interface SigningKey {
  readonly kid: string;
  readonly current?: boolean;
  readonly next?: boolean;
}

export interface LogEvent {
  readonly log_id: string;
  readonly type: string;
}
