import type { TenantContext } from "../context.ts";
import { apiNamed } from "../store/find-by-name.ts";
import { OWN_API } from "../store/own-address.ts";
import { defaultRefreshToken } from "./clients/defaults.ts";
import { databaseOptions } from "./connections/options/database.ts";
import { managementScopes } from "./management-scopes.ts";

const DATABASE = "Username-Password-Authentication";

/**
 * What a tenant has before anybody has touched it: its settings, the Management API as a resource server, the
 * default database connection, the global client, and one client that may deploy to it.
 */
export function seed(context: TenantContext): void {
  seedSettings(context);
  seedManagementApi(context);
  seedDatabase(context);
  seedGlobalClient(context);
  seedDeployer(context);
}

/**
 * Gives the Management API and the deployer of a kept tenant the scopes that this version has and the one
 * that made the state had not: the deployer has every one.
 */
export function addNewScopes(context: TenantContext): void {
  const { store } = context;
  const { clientGrants, resourceServers } = store.tables;
  const api = apiNamed(context, OWN_API);
  const known = new Set(api?.scopes?.map(({ value }) => value));
  const added = managementScopes.filter((scope) => !known.has(scope));
  if (api === undefined || added.length === 0) return;
  const described = added.map((value) => ({ value, description: describeScope(value) }));
  resourceServers.put({ ...api, scopes: [...(api.scopes ?? []), ...described] });
  const grant = clientGrants.find(
    (row) => row.client_id === store.deployer.clientId && row.audience === OWN_API,
  );
  if (grant !== undefined) clientGrants.put({ ...grant, scope: [...new Set([...grant.scope, ...added])] });
}

function seedSettings({ store }: TenantContext): void {
  store.settings = {
    friendly_name: "Local tenant",
    picture_url: "",
    support_email: "",
    support_url: "",
    allowed_logout_urls: [],
    change_password: { enabled: false, html: "" },
    guardian_mfa_page: { enabled: false, html: "" },
    default_audience: "",
    default_directory: "",
    enabled_locales: ["en"],
    flags: {
      allow_changing_enable_sso: false,
      disable_clickjack_protection_headers: false,
      disable_impersonation: true,
      enable_client_connections: false,
      enable_dynamic_client_registration: false,
      enable_sso: true,
      revoke_refresh_token_grant: false,
      universal_login: true,
    },
    session_lifetime: 168,
    idle_session_lifetime: 72,
    sandbox_version: "22",
    sandbox_versions_available: ["22", "18"],
    oidc_logout: { rp_logout_end_session_endpoint_discovery: true },
    session_cookie: { mode: "persistent" },
    resource_parameter_profile: "audience",
    client_id_metadata_document_supported: false,
    phone_consolidated_experience: false,
  };
}

function seedManagementApi({ store, ids }: TenantContext): void {
  store.tables.resourceServers.put({
    id: ids.hex(24),
    name: "Auth0 Management API",
    identifier: OWN_API,
    allow_offline_access: false,
    skip_consent_for_verifiable_first_party_clients: false,
    subject_type_authorization: { client: { policy: "require_client_grant" }, user: { policy: "allow_all" } },
    token_lifetime: 86_400,
    token_lifetime_for_web: 7200,
    signing_alg: "RS256",
    is_system: true,
    scopes: managementScopes.map((value) => ({ value, description: describeScope(value) })),
  });
}

function seedDatabase(context: TenantContext): void {
  context.store.tables.connections.put({
    id: context.ids.prefixed("con_"),
    name: DATABASE,
    strategy: "auth0",
    options: databaseOptions({ tenant: context, strategy: "auth0", sent: {} }),
    enabled_clients: [],
    realms: [DATABASE],
    is_domain_connection: false,
    authentication: { active: true },
    connected_accounts: { active: false },
  });
}

/**
 * Every tenant of production has this client, whose settings once applied to all applications. Tools look
 * for it, and nobody signs in with it.
 */
function seedGlobalClient({ store, ids }: TenantContext): void {
  store.tables.clients.put({
    client_id: ids.alphanumeric(32),
    client_secret: ids.alphanumeric(64),
    name: "All Applications",
    global: true,
    is_first_party: true,
    oidc_conformant: true,
    sso: false,
    sso_disabled: false,
    cross_origin_authentication: false,
    is_token_endpoint_ip_header_trusted: false,
    custom_login_page_on: true,
    callbacks: [],
    callback_url_template: false,
    jwt_configuration: { alg: "RS256" },
    refresh_token: defaultRefreshToken({}),
  });
}

function seedDeployer({ store, ids }: TenantContext): void {
  const client = {
    client_id: ids.alphanumeric(32),
    client_secret: ids.alphanumeric(64),
    name: "Deployer",
    description: "Deploys to this local tenant with every Management API scope.",
    app_type: "non_interactive",
    token_endpoint_auth_method: "client_secret_post",
    grant_types: ["client_credentials"],
    is_first_party: true,
    oidc_conformant: true,
    jwt_configuration: { secret_encoded: false, lifetime_in_seconds: 36_000, alg: "RS256" },
    global: false,
  };
  store.tables.clients.put(client);
  store.tables.clientGrants.put({
    id: ids.prefixed("cgr_"),
    client_id: client.client_id,
    audience: OWN_API,
    scope: [...managementScopes],
    subject_type: "client",
  });
  store.deployer = { clientId: client.client_id, clientSecret: client.client_secret };
}

/** `read:client_grants` becomes "Read client grants". */
function describeScope(scope: string): string {
  const [verb = "", object = ""] = scope.split(":");
  return `${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${object.replaceAll("_", " ")}`;
}
