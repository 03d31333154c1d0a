import type { ManagementApi } from "./management-api.ts";
import { segment } from "./management-api.ts";
import type { Change, ResourceType } from "./resource-type.ts";
import type { Fields } from "./schema.ts";
import type { Props } from "./values.ts";
import { isEmpty, isObject } from "./values.ts";
import { fromWire, toWire } from "./wire.ts";

const fields: Fields = {
  allowAllScopes: { kind: "boolean" },
  allowAnyOrganization: { kind: "boolean" },
  audience: { kind: "string", required: true, replaces: true },
  authorizationDetailsTypes: { kind: "strings" },
  clientId: { kind: "string", replaces: true },
  defaultFor: { kind: "string", replaces: true, unused: true },
  isSystem: { kind: "boolean", output: true },
  organizationUsage: { kind: "string", oneOf: ["allow", "deny", "require"] },
  scopes: { kind: "strings", wire: "scope" },
  subjectType: { kind: "string", computed: true, replaces: true, oneOf: ["client", "user"] },
};

const CREATE_ONLY = new Set(["audience", "clientId", "subjectType"]);

/**
 * What a client may ask an API for. A grant that exists for the same client, API and subject is adopted, its
 * scopes left as they are.
 */
export const clientGrantType: ResourceType = {
  token: "auth0:index/clientGrant:ClientGrant",
  fields,

  validate(inputs: Props) {
    const all = inputs["allowAllScopes"] === true;
    if (isEmpty(inputs["clientId"])) return "clientId: is required and missing";
    if (all && !isEmpty(inputs["scopes"])) return "scopes: cannot be given together with allowAllScopes";
    if (!all && inputs["scopes"] === undefined) return "scopes: is required unless allowAllScopes is true";
    return undefined;
  },

  async create(api: ManagementApi, inputs: Props, made: (id: string) => void) {
    const adopted = await existing(api, inputs);
    const id = adopted ?? String((await api.post("/client-grants", toWire(fields, inputs)))["id"]);
    made(id);
    return { id, outputs: outputsOf(await api.get(pathOf(id))) };
  },

  async read(api: ManagementApi, id: string, olds: Props = {}) {
    const grant = await api.find(pathOf(id));
    if (grant === undefined) return undefined;
    const outputs = outputsOf(grant);
    // With all scopes the plugin does not look at the list, and its own stays as it was.
    return outputs["allowAllScopes"] === true ? { ...outputs, scopes: olds["scopes"] ?? null } : outputs;
  },

  async update(api: ManagementApi, id: string, change: Change) {
    const { news } = change;
    if (change.changed("allowAllScopes") && news["allowAllScopes"] !== true) {
      await api.patch(pathOf(id), { allow_all_scopes: false, scope: [] });
    }
    const body = toWire(fields, news, (name) => !CREATE_ONLY.has(name) && change.changed(name));
    if (Object.keys(body).length > 0) await api.patch(pathOf(id), body);
    return outputsOf(await api.get(pathOf(id)));
  },

  async delete(api: ManagementApi, id: string) {
    await api.delete(pathOf(id));
  },
};

function pathOf(id: string): string {
  return `/client-grants/${segment(id)}`;
}

async function existing(api: ManagementApi, inputs: Props): Promise<string | undefined> {
  const query = new URLSearchParams({
    audience: String(inputs["audience"]),
    client_id: String(inputs["clientId"]),
    include_totals: "true",
    per_page: "50",
  });
  const { client_grants: grants } = await api.get(`/client-grants?${query.toString()}`);
  const subject = (value: unknown) => (isEmpty(value) ? "client" : value);
  const found = (Array.isArray(grants) ? grants.filter(isObject) : []).find(
    (grant) => subject(grant["subject_type"]) === subject(inputs["subjectType"]),
  );
  return found === undefined ? undefined : String(found["id"]);
}

function outputsOf(grant: Props): Props {
  const outputs = fromWire(fields, grant);
  return outputs["allowAllScopes"] === true ? { ...outputs, scopes: [] } : outputs;
}
