import {
  anything,
  arrayOf,
  boolean,
  integer,
  mapOf,
  nullable,
  number,
  object,
  oneOf,
  patchOf,
  string,
} from "../json-schema.ts";
import type { Schema } from "../json-schema.ts";
import { addons } from "./addons-schema.ts";
import { credentialReference, newCredential } from "./credential-schema.ts";

const urls = arrayOf(string({ maxLength: 2048 }));

const backchannelLogout = object({
  backchannel_logout_urls: urls,
  backchannel_logout_initiators: object({
    mode: oneOf("custom", "all"),
    selected_initiators: arrayOf(string()),
  }),
  backchannel_logout_session_metadata: nullable(object({ include: boolean })),
});

const switches = object({ enabled: boolean });

const refreshToken = object({
  "rotation_type!": oneOf("rotating", "non-rotating"),
  "expiration_type!": oneOf("expiring", "non-expiring"),
  leeway: integer(0),
  token_lifetime: integer(1, 157_788_000),
  infinite_token_lifetime: boolean,
  idle_token_lifetime: integer(1),
  infinite_idle_token_lifetime: boolean,
  policies: nullable(arrayOf(object({ "audience!": string(), "scope!": arrayOf(string()) }))),
});

const tokenQuota = object({
  "client_credentials!": object({ enforce: boolean, per_day: integer(1), per_hour: integer(1) }),
});

const keyMethods = (credential: Schema) =>
  object({
    private_key_jwt: object({ "credentials!": arrayOf(credential, { maxItems: 2 }) }),
    tls_client_auth: object({ "credentials!": arrayOf(credential, { maxItems: 2 }) }),
    self_signed_tls_client_auth: object({ "credentials!": arrayOf(credential, { maxItems: 2 }) }),
  });

const signedRequests = (credential: Schema) =>
  object({ required: boolean, credentials: arrayOf(credential, { maxItems: 2 }) });

/** Body of `POST /clients`. */
export const createClient: Schema = object({
  "name!": string({ minLength: 1, maxLength: 255, pattern: "^[^<>]+$" }),
  description: string({ maxLength: 140 }),
  logo_uri: string(),
  callbacks: urls,
  oidc_logout: backchannelLogout,
  oidc_backchannel_logout: backchannelLogout,
  session_transfer: nullable(
    object({
      can_create_session_transfer_token: boolean,
      enforce_cascade_revocation: boolean,
      allowed_authentication_methods: nullable(arrayOf(oneOf("cookie", "query"))),
      enforce_device_binding: oneOf("ip", "asn", "none"),
      allow_refresh_token: boolean,
      enforce_online_refresh_tokens: boolean,
      delegation: nullable(object({ allow_delegated_access: boolean, enforce_device_binding: string() })),
    }),
  ),
  allowed_origins: urls,
  web_origins: urls,
  client_aliases: arrayOf(string()),
  allowed_clients: arrayOf(string()),
  allowed_logout_urls: urls,
  grant_types: arrayOf(string({ minLength: 1 })),
  token_endpoint_auth_method: oneOf("none", "client_secret_post", "client_secret_basic"),
  is_token_endpoint_ip_header_trusted: boolean,
  app_type: oneOf(
    "native",
    "spa",
    "regular_web",
    "non_interactive",
    "resource_server",
    "express_configuration",
    "rms",
    "box",
    "cloudbees",
    "concur",
    "dropbox",
    "mscrm",
    "echosign",
    "egnyte",
    "newrelic",
    "office365",
    "salesforce",
    "sentry",
    "sharepoint",
    "slack",
    "springcm",
    "zendesk",
    "zoom",
    "sso_integration",
    "oag",
  ),
  is_first_party: boolean,
  oidc_conformant: boolean,
  jwt_configuration: object({
    lifetime_in_seconds: integer(1, 2_592_000),
    secret_encoded: boolean,
    scopes: mapOf(),
    alg: oneOf("HS256", "RS256", "RS512", "PS256"),
  }),
  encryption_key: nullable(object({ pub: string(), cert: string(), subject: string() })),
  sso: boolean,
  cross_origin_authentication: boolean,
  cross_origin_loc: string(),
  sso_disabled: boolean,
  custom_login_page_on: boolean,
  custom_login_page: string(),
  custom_login_page_preview: string(),
  form_template: string(),
  addons,
  client_metadata: mapOf(nullable(string({ maxLength: 255 })), 10),
  mobile: object({
    android: object({ app_package_name: string(), sha256_cert_fingerprints: arrayOf(string()) }),
    ios: object({ team_id: string(), app_bundle_identifier: string() }),
  }),
  initiate_login_uri: string(),
  native_social_login: object({ apple: switches, facebook: switches, google: switches }),
  fedcm_login: object({ google: nullable(object({ is_enabled: boolean })) }),
  refresh_token: nullable(refreshToken),
  default_organization: nullable(
    object({ "organization_id!": string(), "flows!": arrayOf(oneOf("client_credentials")) }),
  ),
  organization_usage: oneOf("deny", "allow", "require"),
  organization_require_behavior: oneOf("no_prompt", "pre_login_prompt", "post_login_prompt"),
  organization_discovery_methods: arrayOf(oneOf("email", "organization_name"), { minItems: 1 }),
  client_authentication_methods: keyMethods(newCredential),
  require_pushed_authorization_requests: boolean,
  require_proof_of_possession: boolean,
  signed_request_object: signedRequests(newCredential),
  token_vault_privileged_access: anything,
  compliance_level: nullable(
    oneOf("none", "fapi1_adv_pkj_par", "fapi1_adv_mtls_par", "fapi2_sp_pkj_mtls", "fapi2_sp_mtls_mtls"),
  ),
  skip_non_verifiable_callback_uri_confirmation_prompt: nullable(boolean),
  token_exchange: object({
    allow_any_profile_of_type: arrayOf(oneOf("custom_authentication", "on_behalf_of_token_exchange")),
  }),
  par_request_expiry: nullable(number),
  token_quota: tokenQuota,
  resource_server_identifier: string(),
  identity_assertion_authorization_grant: object({ "active!": boolean }),
  anonymous_sessions: object({ "active!": boolean }),
  third_party_security_mode: oneOf("strict", "permissive"),
  redirection_policy: oneOf("allow_always", "open_redirect_protection"),
  express_configuration: mapOf(),
  b2b_integration_configuration: mapOf(),
  my_organization_configuration: mapOf(),
  async_approval_notification_channels: arrayOf(oneOf("email", "guardian-push")),
});

/** Keys that a PATCH may set to null to remove them. */
const REMOVABLE = [
  "oidc_logout",
  "oidc_backchannel_logout",
  "cross_origin_loc",
  "token_endpoint_auth_method",
  "addons",
  "client_metadata",
  "mobile",
  "initiate_login_uri",
  "fedcm_login",
  "organization_usage",
  "organization_require_behavior",
  "organization_discovery_methods",
  "token_exchange",
  "token_quota",
  "identity_assertion_authorization_grant",
  "anonymous_sessions",
  "express_configuration",
  "my_organization_configuration",
  "async_approval_notification_channels",
  "jwt_configuration",
] as const;

/** Body of `PATCH /clients/{id}`. */
export const updateClient: Schema = patchOf(createClient, {
  ...Object.fromEntries(REMOVABLE.map((key) => [key, nullable(createClient.properties?.[key] ?? anything)])),
  client_secret: string({ minLength: 1 }),
  client_authentication_methods: nullable(keyMethods(credentialReference)),
  signed_request_object: nullable(signedRequests(credentialReference)),
  native_social_login: nullable(
    object({ apple: nullable(switches), facebook: nullable(switches), google: nullable(switches) }),
  ),
  resource_server_identifier: undefined,
});
