import { clientFields as fields, organizationFields } from "./client-fields.ts";
import { fieldChanged } from "./diff.ts";
import type { ManagementApi } from "./management-api.ts";
import { segment } from "./management-api.ts";
import type { Change, ResourceType } from "./resource-type.ts";
import type { Props } from "./values.ts";
import { isEmpty, isObject } from "./values.ts";
import { fromWire, toWire } from "./wire.ts";

/** Sent again at an update only if they differ. The metadata is sent by key, the token settings by part. */
const GATED = new Set(["sso", "requirePushedAuthorizationRequests", "clientMetadata", "jwtConfiguration"]);

/** Sent with a new client only if something is in them. */
const LEFT_OUT_EMPTY = new Set(["clientMetadata", "jwtConfiguration"]);

/** An application. Its secret is not an output, because `ClientCredentials` has it. */
export const clientType: ResourceType = {
  token: "auth0:index/client:Client",
  fields,

  async create(api: ManagementApi, inputs: Props, made: (id: string) => void) {
    const method = firstMethod(inputs);
    const client = await api.post("/clients", {
      ...toWire(fields, inputs, (name) => !LEFT_OUT_EMPTY.has(name) || !isEmpty(inputs[name])),
      ...(method === undefined ? {} : { token_endpoint_auth_method: method }),
    });
    const id = String(client["client_id"]);
    made(id);
    return { id, outputs: outputsOf(await api.get(pathOf(id))) };
  },

  async read(api: ManagementApi, id: string, olds?: Props) {
    if (olds === undefined && !(await canImport(api, id))) return undefined;
    const client = await api.find(pathOf(id));
    return client === undefined ? undefined : outputsOf(client);
  },

  async update(api: ManagementApi, id: string, change: Change) {
    const body = toWire(
      fields,
      change.news,
      (name) => !GATED.has(name) || (change.changed(name) && isBoolean(name)),
    );
    const metadata = change.changed("clientMetadata") ? metadataPatch(change) : undefined;
    const jwt = jwtPatch(change);
    await api.patch(pathOf(id), {
      ...body,
      ...(metadata === undefined ? {} : { client_metadata: metadata }),
      ...(jwt === undefined ? {} : { jwt_configuration: jwt }),
    });
    return outputsOf(await api.get(pathOf(id)));
  },

  async delete(api: ManagementApi, id: string) {
    await api.delete(pathOf(id));
  },
};

function pathOf(id: string): string {
  return `/clients/${segment(id)}`;
}

/**
 * The plugin looks once more before an import: a client that a metadata document describes has a type of its
 * own.
 */
async function canImport(api: ManagementApi, id: string): Promise<boolean> {
  const client = await api.find(pathOf(id));
  if (client?.["external_metadata_type"] !== "cimd") return client !== undefined;
  throw new Error(`Client ${id} is described by a metadata document and cannot be imported as a Client.`);
}

function isBoolean(name: string): boolean {
  return fields[name]?.kind === "boolean";
}

/** Only a new client gets a method here. Later it is the business of its `ClientCredentials`. */
function firstMethod(inputs: Props): string | undefined {
  const { appType } = inputs;
  if (appType === "native" || appType === "spa") return "none";
  const confidential = appType === "regular_web" || appType === "non_interactive";
  return confidential || inputs["isTokenEndpointIpHeaderTrusted"] !== undefined
    ? "client_secret_post"
    : undefined;
}

/** The tenant merges metadata by key, so a key that is gone from the program goes as null. */
function metadataPatch({ olds, news }: Change): Props {
  const after = isObject(news["clientMetadata"]) ? news["clientMetadata"] : {};
  const before = isObject(olds["clientMetadata"]) ? Object.keys(olds["clientMetadata"]) : [];
  const gone = before.filter((key) => after[key] === undefined);
  return { ...after, ...Object.fromEntries(gone.map((key) => [key, null])) };
}

/**
 * The algorithm each time, lifetime and scopes when changed, `secretEncoded` never: it makes a new client.
 */
function jwtPatch({ olds, news }: Change): Props | undefined {
  const wanted = news["jwtConfiguration"];
  const block = fields["jwtConfiguration"];
  if (!isObject(wanted) || block?.kind !== "block") return undefined;
  const before = isObject(olds["jwtConfiguration"]) ? olds["jwtConfiguration"] : {};
  const patch = toWire(block.fields, wanted, (name) => {
    const field = block.fields[name];
    if (name === "alg") return true;
    return name !== "secretEncoded" && field !== undefined && fieldChanged(field, before[name], wanted[name]);
  });
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function outputsOf(client: Props): Props {
  const prompt = client["skip_non_verifiable_callback_uri_confirmation_prompt"];
  return {
    ...fromWire(fields, client),
    defaultOrganization: organizationOf(client["default_organization"]),
    encryptionKey: null,
    skipNonVerifiableCallbackUriConfirmationPrompt: typeof prompt === "boolean" ? String(prompt) : "null",
  };
}

/** A client without a default organization reads as one whose default is disabled. */
function organizationOf(organization: unknown): Props {
  if (!isObject(organization)) return { disable: true, flows: [], organizationId: "" };
  return fromWire(organizationFields, organization);
}
