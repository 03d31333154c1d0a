import assert from "node:assert/strict";
import type { Tenant } from "../../src/index.ts";

/** Who signs in unless a test says otherwise. */
export const ada = "ada.lindqvist@xyz.example";
/** The application that `deployPortal` makes, and the second address that it may be sent back to. */
export const PORTAL = { application: "Portal", employee: ada };
export const SECOND_CALLBACK = "https://portal.xyz.example/second";

/** Calls `/api/v2/PATH` and answers the body, as the test expects it to be. */
export type Deploy = <Body = Record<string, string>>(
  method: string,
  path: string,
  body?: unknown,
) => Promise<Body>;

/** Calls the Management API of a tenant as its deployer; what is refused fails the test. */
export async function deployTo(tenant: Tenant): Promise<Deploy> {
  const token = await tenant.inject({
    url: "/oauth/token",
    body: {
      grant_type: "client_credentials",
      client_id: tenant.deployer.clientId,
      client_secret: tenant.deployer.clientSecret,
      audience: `${tenant.issuer}api/v2/`,
    },
  });
  assert.equal(token.status, 200, token.body);
  const authorization = `Bearer ${token.json<{ access_token: string }>().access_token}`;
  return async <Body>(method: string, path: string, body?: unknown) => {
    const response = await tenant.inject({
      method,
      url: `/api/v2/${path}`,
      headers: { authorization },
      body,
    });
    assert.ok(response.status < 300, `${method} ${path}: ${response.status} ${response.body}`);
    // SAFETY: an operation without a body is called for its effect alone.
    return response.body === "" ? (undefined as Body) : response.json<Body>();
  };
}

/**
 * An application with a directory of its own, and an Action where one is given, made over the Management API
 * as any deployment would.
 */
export async function deployPortal(tenant: Tenant, action?: string): Promise<Deploy> {
  const deploy = await deployTo(tenant);
  const client = await deploy("POST", "clients", {
    name: PORTAL.application,
    app_type: "regular_web",
    grant_types: ["authorization_code", "refresh_token"],
    callbacks: ["https://portal.xyz.example/callback", SECOND_CALLBACK],
  });
  await deploy("POST", "connections", {
    name: "azure-ad",
    strategy: "waad",
    enabled_clients: [client["client_id"]],
    options: { client_id: "a", client_secret: "b", tenant_domain: "xyz.onmicrosoft.com" },
  });
  if (action !== undefined) await deployAction(deploy, { code: action });
  return deploy;
}

/** Deploys and binds an Action, or a new version of the one that is bound. */
export async function deployAction(
  deploy: Deploy,
  action: {
    readonly code: string;
    readonly dependencies?: readonly { readonly name: string; readonly version: string }[];
    readonly secrets?: readonly { readonly name: string; readonly value: string }[];
  },
): Promise<void> {
  const { bindings } = await deploy<{ bindings: { action: { id: string } }[] }>(
    "GET",
    "actions/triggers/post-login/bindings",
  );
  const bound = bindings[0]?.action.id;
  const supported_triggers = [{ id: "post-login", version: "v3" }];
  const { id } =
    bound === undefined
      ? await deploy("POST", "actions/actions", {
          name: "Doorman",
          supported_triggers,
          runtime: "node22",
          ...action,
        })
      : await deploy("PATCH", `actions/actions/${bound}`, action);
  await deploy("POST", `actions/actions/${id}/deploy`, {});
  if (bound !== undefined) return;
  await deploy("PATCH", "actions/triggers/post-login/bindings", {
    bindings: [{ ref: { type: "action_id", value: id }, display_name: "Doorman" }],
  });
}
