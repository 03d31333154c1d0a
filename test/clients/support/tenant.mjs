import assert from "node:assert/strict";

/** The claim that the seeded Action sets. */
export const GROUPS_CLAIM = process.env.GROUPS_CLAIM ?? "https://xyz.example/groups";
/** An API of the company, whose tokens are JWTs. */
export const API = "https://orders.xyz.example";
/** An employee with groups, one who administers, and one without any. */
export const EMPLOYEE = "grace.oneill@xyz.example";
export const EMPLOYEE_GROUPS = ["Engineering", "First Aiders", "SG-APP-Wiki-Writers"];
export const ADMINISTRATOR = "ada.lindqvist@xyz.example";
export const WITHOUT_GROUPS = "niko.virtanen@xyz.example";

export const DIRECTORY_SECRET = "of-the-directory";

const { AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET } = process.env;
export const issuer = process.env.ISSUER;
export const domain = AUTH0_DOMAIN;
export const deployer = { clientId: AUTH0_CLIENT_ID, clientSecret: AUTH0_CLIENT_SECRET };

let token;

/** One Management API request as the deployer. Fails on any answer but a 2xx. */
export async function api(method, path, body) {
  token ??= await managementToken();
  const response = await fetch(`${issuer}api/v2${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body ? { "content-type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path} answered ${response.status}: ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

async function managementToken() {
  const response = await fetch(`${issuer}oauth/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      grant_type: "client_credentials",
      client_id: deployer.clientId,
      client_secret: deployer.clientSecret,
      audience: `${issuer}api/v2/`,
    }),
  });
  return (await response.json()).access_token;
}

const ACTION = `exports.onExecutePostLogin = async (event, api) => {
  const groups = [...(event.user.groups ?? [])].sort();
  if (groups.length === 0) return;
  api.idToken.setCustomClaim(${JSON.stringify(GROUPS_CLAIM)}, groups);
  api.accessToken.setCustomClaim(${JSON.stringify(GROUPS_CLAIM)}, groups);
};`;

/** Makes an application, the company's directory, an API, and the Action that puts groups into tokens. */
export async function seed({ callbacks, logoutUrls = [], ...rest }) {
  await api("POST", "/resource-servers", {
    name: "Orders",
    identifier: API,
    scopes: [{ value: "read:orders" }],
    allow_offline_access: true,
  });
  const client = await api("POST", "/clients", {
    name: "Admin Portal",
    app_type: "regular_web",
    callbacks,
    allowed_logout_urls: logoutUrls,
    grant_types: ["authorization_code", "refresh_token", "client_credentials"],
    token_endpoint_auth_method: "client_secret_post",
    oidc_conformant: true,
    refresh_token: {
      rotation_type: "rotating",
      expiration_type: "expiring",
      leeway: 0,
      token_lifetime: 2_592_000,
      idle_token_lifetime: 1_296_000,
      infinite_token_lifetime: false,
      infinite_idle_token_lifetime: false,
    },
    ...rest,
  });
  await api("POST", "/client-grants", { client_id: client.client_id, audience: API, scope: ["read:orders"] });
  const connection = await api("POST", "/connections", {
    name: "azure-ad",
    strategy: "waad",
    options: {
      client_id: "11111111-2222-3333-4444-555555555555",
      client_secret: DIRECTORY_SECRET,
      tenant_domain: "xyz.example",
      ext_groups: true,
      ext_profile: true,
      waad_protocol: "openid-connect",
      identity_api: "microsoft-identity-platform-v2.0",
    },
  });
  await api("PATCH", `/connections/${connection.id}/clients`, [
    { client_id: client.client_id, status: true },
  ]);
  const action = await deployAction();
  return { client, connection, action };
}

async function deployAction() {
  const action = await api("POST", "/actions/actions", {
    name: "groups-claim",
    supported_triggers: [{ id: "post-login", version: "v3" }],
    runtime: "node22",
    code: ACTION,
  });
  for (let tries = 0; tries < 50; tries += 1) {
    const { status } = await api("GET", `/actions/actions/${action.id}`);
    if (status === "built") break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await api("POST", `/actions/actions/${action.id}/deploy`);
  await api("PATCH", "/actions/triggers/post-login/bindings", {
    bindings: [{ ref: { type: "action_id", value: action.id }, display_name: "Groups" }],
  });
  return action;
}
