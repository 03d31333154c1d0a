import type { ManagementApi } from "./management-api.ts";
import { segment } from "./management-api.ts";
import type { Change, ResourceType } from "./resource-type.ts";
import type { Fields } from "./schema.ts";
import type { Props } from "./values.ts";
import { isEmpty } from "./values.ts";

const fields: Fields = {
  authenticationMethod: {
    kind: "string",
    computed: true,
    oneOf: ["none", "client_secret_post", "client_secret_basic"],
  },
  clientId: { kind: "string", required: true, replaces: true },
  clientSecret: { kind: "string", computed: true, secret: true },
  clientSecretWo: { kind: "string", secret: true, unused: true },
  clientSecretWoVersion: { kind: "integer", unused: true },
  privateKeyJwt: { kind: "block", fields: {}, unused: true },
  selfSignedTlsClientAuth: { kind: "block", fields: {}, unused: true },
  signedRequestObject: { kind: "block", fields: {}, unused: true },
  tlsClientAuth: { kind: "block", fields: {}, unused: true },
};

/**
 * How a client proves who it is, beside the client: its id is the client's. The secret is the tenant's own
 * unless one is given.
 */
export const clientCredentialsType: ResourceType = {
  token: "auth0:index/clientCredentials:ClientCredentials",
  fields,
  meta: '{"schema_version":"1"}',

  async create(api: ManagementApi, inputs: Props, made: (id: string) => void) {
    const id = String(inputs["clientId"]);
    await api.get(`${pathOf(id)}?fields=client_id&include_fields=true`);
    made(id);
    await authenticateBy(api, id, inputs, (name) => !isEmpty(inputs[name]));
    return { id, outputs: outputsOf(await api.get(pathOf(id))) };
  },

  async read(api: ManagementApi, id: string) {
    const client = await api.find(pathOf(id));
    return client === undefined ? undefined : outputsOf(client);
  },

  async update(api: ManagementApi, id: string, change: Change) {
    await api.get(`${pathOf(id)}?fields=client_id&include_fields=true`);
    await authenticateBy(api, id, change.news, (name) => change.changed(name));
    return outputsOf(await api.get(pathOf(id)));
  },

  /** The client stays, with the method that its type has by default. */
  async delete(api: ManagementApi, id: string) {
    const client = await api.find(`${pathOf(id)}?fields=client_id%2Capp_type&include_fields=true`);
    if (client === undefined) return;
    const attached = await api.request("GET", `${pathOf(id)}/credentials?include_totals=true&per_page=50`);
    if (Array.isArray(attached) && attached.length > 0) {
      throw new Error(
        `Client ${id} has ${attached.length} key credentials, which the stand-in provider does not manage. ` +
          "Remove them from the client first, or use the auth0 plugin.",
      );
    }
    await api.patch(pathOf(id), { token_endpoint_auth_method: defaultMethod(client["app_type"]) });
  },
};

function pathOf(id: string): string {
  return `/clients/${segment(id)}`;
}

async function authenticateBy(
  api: ManagementApi,
  id: string,
  inputs: Props,
  changed: (name: string) => boolean,
): Promise<void> {
  const method = inputs["authenticationMethod"];
  if (method !== undefined && changed("authenticationMethod")) {
    await api.patch(pathOf(id), { token_endpoint_auth_method: method });
  }
  if ((method === "client_secret_post" || method === "client_secret_basic") && changed("clientSecret")) {
    await api.patch(pathOf(id), { client_secret: inputs["clientSecret"] });
  }
}

function defaultMethod(appType: unknown): string {
  if (appType === "native" || appType === "spa") return "none";
  return appType === "regular_web" || appType === "non_interactive"
    ? "client_secret_post"
    : "client_secret_basic";
}

function outputsOf(client: Props): Props {
  const method = client["token_endpoint_auth_method"];
  return {
    authenticationMethod: isEmpty(method) ? defaultMethod(client["app_type"]) : method,
    clientId: client["client_id"] ?? "",
    clientSecret: client["client_secret"] ?? "",
    clientSecretWo: null,
    clientSecretWoVersion: null,
    privateKeyJwt: null,
    selfSignedTlsClientAuth: null,
    signedRequestObject: null,
    tlsClientAuth: null,
  };
}
