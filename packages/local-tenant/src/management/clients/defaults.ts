import type { TenantContext } from "../../context.ts";
import type { ClientEntity } from "../../store/entities.ts";
import { isObject } from "../merge.ts";

type Body = Readonly<Record<string, unknown>>;

const DAY = 86_400;
/** Kinds of clients that stand for something else, and are strict from the start. */
const MACHINE_MADE = new Set(["resource_server", "express_configuration"]);
const EXPRESS: Body = {
  callbacks: ["https://system-admin.okta.com/admin/app/generic/oauth20redirect"],
  organization_usage: "require",
  organization_require_behavior: "pre_login_prompt",
  client_authentication_methods: { private_key_jwt: { credentials: [] } },
};

/** What production sets on a new client that the body does not (recordings TestAccClient*). */
export function withDefaults(tenant: TenantContext, body: Body): ClientEntity {
  const { ids } = tenant;
  const strict = isStrictThirdParty(body);
  return {
    is_first_party: true,
    is_token_endpoint_ip_header_trusted: false,
    oidc_conformant: isThirdParty(body) || MACHINE_MADE.has(String(body["app_type"])),
    ...(body["app_type"] === "express_configuration" ? EXPRESS : {}),
    ...(isThirdParty(body) ? { third_party_security_mode: "permissive" } : {}),
    sso_disabled: false,
    cross_origin_authentication: false,
    custom_login_page_on: true,
    ...body,
    // SAFETY: the schema requires a name of type string.
    name: body["name"] as string,
    client_id: strict ? ids.prefixed("tpc_", 22) : ids.alphanumeric(32),
    client_secret: ids.alphanumeric(64),
    global: false,
    callback_url_template: false,
    grant_types: (body["grant_types"] as string[] | undefined) ?? defaultGrantTypes(body),
    jwt_configuration: { ...defaultJwt(body), ...(body["jwt_configuration"] as object | undefined) },
    refresh_token: { ...defaultRefreshToken(body), ...(body["refresh_token"] as object | undefined) },
    ...(isObject(body["session_transfer"])
      ? { session_transfer: completeSessionTransfer(body["session_transfer"]) }
      : {}),
  };
}

/**
 * Settings for session transfer are answered whole as soon as one of them was set (recording
 * TestAccClientSessionTransfer).
 */
export function completeSessionTransfer(settings: Body): Body {
  return {
    can_create_session_transfer_token: false,
    allowed_authentication_methods: [],
    enforce_device_binding: "ip",
    allow_refresh_token: false,
    enforce_online_refresh_tokens: true,
    enforce_cascade_revocation: true,
    ...settings,
  };
}

function isThirdParty(body: Body): boolean {
  return body["is_first_party"] === false;
}

function isStrictThirdParty(body: Body): boolean {
  return isThirdParty(body) && body["third_party_security_mode"] === "strict";
}

function defaultGrantTypes(body: Body): string[] {
  const { app_type, token_endpoint_auth_method } = body;
  if (app_type === "resource_server") return [];
  if (app_type === "express_configuration") return ["authorization_code", "client_credentials"];
  if (isStrictThirdParty(body)) return ["authorization_code"];
  const isPublic = app_type === "native" || app_type === "spa" || token_endpoint_auth_method === "none";
  return ["authorization_code", "implicit", "refresh_token", ...(isPublic ? [] : ["client_credentials"])];
}

function defaultJwt(body: Body): Body {
  if (isStrictThirdParty(body)) return { secret_encoded: false, alg: "RS256", lifetime_in_seconds: 3600 };
  if (MACHINE_MADE.has(String(body["app_type"]))) return { secret_encoded: false, alg: "RS256" };
  return { secret_encoded: false, lifetime_in_seconds: 36_000 };
}

/**
 * The lifetimes depend on whether the client says that it keeps a secret; refresh tokens of third parties
 * expire.
 */
export function defaultRefreshToken(body: Body): Body {
  const method = body["token_endpoint_auth_method"];
  const confidential = method !== undefined && method !== "none";
  const thirdParty = isThirdParty(body);
  return {
    rotation_type: thirdParty && !confidential ? "rotating" : "non-rotating",
    expiration_type: thirdParty ? "expiring" : "non-expiring",
    leeway: 0,
    token_lifetime: confidential ? 31_557_600 : 30 * DAY,
    infinite_token_lifetime: !thirdParty || confidential,
    infinite_idle_token_lifetime: !thirdParty,
    idle_token_lifetime: confidential ? 30 * DAY : 15 * DAY,
  };
}
