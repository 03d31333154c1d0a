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
  string,
} from "./json-schema.ts";
import type { Schema } from "./json-schema.ts";

const page = nullable(object({ enabled: boolean, html: string() }));
const minutes = integer(1, 525_600);
const hours = { ...number, minimum: 0, maximum: 8760 } as const;

/** Body of `PATCH /tenants/settings`. Flags come and go in production, so any boolean is taken. */
export const updateTenantSettings: Schema = object({
  change_password: page,
  device_flow: nullable(object({ charset: oneOf("base20", "digits"), mask: string({ maxLength: 20 }) })),
  guardian_mfa_page: page,
  default_audience: string(),
  default_directory: string(),
  error_page: nullable(object({ html: string(), show_log_link: boolean, url: nullable(string()) })),
  default_token_quota: nullable(mapOf()),
  flags: mapOf(boolean),
  friendly_name: string(),
  picture_url: string(),
  support_email: string(),
  support_url: string(),
  allowed_logout_urls: arrayOf(string()),
  session_lifetime: hours,
  session_lifetime_in_minutes: minutes,
  idle_session_lifetime: hours,
  idle_session_lifetime_in_minutes: minutes,
  ephemeral_session_lifetime: hours,
  ephemeral_session_lifetime_in_minutes: minutes,
  idle_ephemeral_session_lifetime: hours,
  idle_ephemeral_session_lifetime_in_minutes: minutes,
  sandbox_version: string({ maxLength: 8 }),
  legacy_sandbox_version: string({ maxLength: 8 }),
  default_redirection_uri: string(),
  enabled_locales: arrayOf(string({ pattern: "^[a-z]{2,3}(-[A-Z0-9]{2,3})?$" }), { minItems: 1 }),
  security_headers: anything,
  session_cookie: nullable(object({ "mode!": oneOf("persistent", "non-persistent") })),
  sessions: nullable(
    object({
      oidc_logout_prompt_enabled: boolean,
      anonymous: nullable(object({ lifetime_in_minutes: minutes, activate_cookie: boolean })),
    }),
  ),
  oidc_logout: object({ rp_logout_end_session_endpoint_discovery: boolean }),
  customize_mfa_in_postlogin_action: nullable(boolean),
  allow_organization_name_in_authentication_api: nullable(boolean),
  acr_values_supported: nullable(arrayOf(string())),
  mtls: nullable(object({ enable_endpoint_aliases: boolean })),
  pushed_authorization_requests_supported: nullable(boolean),
  authorization_response_iss_parameter_supported: nullable(boolean),
  skip_non_verifiable_callback_uri_confirmation_prompt: nullable(boolean),
  resource_parameter_profile: oneOf("audience", "compatibility"),
  client_id_metadata_document_supported: boolean,
  enable_ai_guide: boolean,
  phone_consolidated_experience: boolean,
  include_session_metadata_in_tenant_logs: boolean,
  dynamic_client_registration_security_mode: oneOf("strict", "permissive"),
  country_codes: nullable(object({ list: arrayOf(string()), mode: oneOf("allow", "deny") })),
});
