import type { ClientEntity, ConnectionEntity } from "../../src/store/entities.ts";
import type { TestTenant } from "./tenant.ts";

/**
 * An application, its directory connection and, where asked for, an Action, as a deployed stack would have
 * left them.
 */
export interface TestApplication {
  readonly client: ClientEntity & { client_secret: string };
  readonly connection: ConnectionEntity;
  readonly redirectUri: string;
}

/** Puts an application with an Azure AD connection of its own into the tenant. */
export function addApplication(
  { tenant }: TestTenant,
  overrides: { client?: Partial<ClientEntity>; options?: Record<string, unknown> } = {},
): TestApplication {
  const { ids, store } = tenant.context;
  const redirectUri = "http://localhost:3000/callback";
  const client = {
    client_id: ids.alphanumeric(32),
    client_secret: ids.alphanumeric(64),
    name: "Admin portal",
    app_type: "regular_web",
    token_endpoint_auth_method: "client_secret_post",
    grant_types: ["authorization_code", "refresh_token"],
    callbacks: [redirectUri],
    allowed_logout_urls: ["http://localhost:3000/"],
    jwt_configuration: { alg: "RS256" },
    ...overrides.client,
  };
  const connection = {
    id: ids.prefixed("con_"),
    name: `azure-ad-${ids.hex(6)}`,
    strategy: "waad",
    options: { ext_groups: true, ext_profile: true, basic_profile: true, ...overrides.options },
    enabled_clients: [client.client_id],
  };
  store.tables.clients.put(client);
  store.tables.connections.put(connection);
  return { client, connection, redirectUri };
}

/**
 * Binds a deployed Action with this code to post-login, behind those that are bound already, with packages
 * and secrets where it needs some. Answers its id.
 */
export function addBoundAction(
  { tenant }: TestTenant,
  code: string,
  name = "Test",
  needs: {
    readonly dependencies?: readonly { readonly name: string; readonly version: string }[];
    readonly secrets?: Readonly<Record<string, string>>;
  } = {},
): string {
  const { ids, store, now } = tenant.context;
  const date = new Date(now()).toISOString();
  const supported_triggers = [{ id: "post-login", version: "v3" }];
  const dependencies = [...(needs.dependencies ?? [])];
  const secrets = Object.entries(needs.secrets ?? {}).map(([key, value]) => ({
    name: key,
    value,
    updated_at: date,
  }));
  const shared = { code, dependencies, runtime: "node22", secrets, supported_triggers };
  const times = { created_at: date, updated_at: date };
  const [id, versionId] = [ids.uuid(), ids.uuid()];
  store.tables.actions.put({
    id,
    name,
    status: "built",
    deployed_version_id: versionId,
    ...shared,
    ...times,
  });
  store.tables.actionVersions.put({ id: versionId, action_id: id, number: 1, ...shared, ...times });
  store.tables.bindings.put({
    id: ids.uuid(),
    trigger_id: "post-login",
    action_id: id,
    display_name: name,
    ...times,
  });
  return id;
}

/** Unbinds every Action. */
export function unbindActions({ tenant }: TestTenant): void {
  tenant.context.store.tables.bindings.replaceAll([]);
}
