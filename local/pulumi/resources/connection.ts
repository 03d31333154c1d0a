import { optionFields, optionsFromWire, optionsToWire } from "./connection-options.ts";
import type { ManagementApi } from "./management-api.ts";
import { segment } from "./management-api.ts";
import type { Change, ResourceType } from "./resource-type.ts";
import type { Fields } from "./schema.ts";
import type { Props } from "./values.ts";
import { isObject, isUnknown } from "./values.ts";
import { fromWire, toWire } from "./wire.ts";

const fields: Fields = {
  authentication: { kind: "block", computed: true, fields: { active: { kind: "boolean", required: true } } },
  connectedAccounts: {
    kind: "block",
    computed: true,
    fields: { active: { kind: "boolean", required: true } },
  },
  displayName: { kind: "string", computed: true },
  isDomainConnection: { kind: "boolean", computed: true },
  metadata: { kind: "map" },
  name: { kind: "string", required: true, replaces: true },
  options: { kind: "block", computed: true, offWire: true, fields: optionFields },
  realms: { kind: "strings", computed: true },
  showAsButton: { kind: "boolean" },
  strategy: { kind: "string", required: true, replaces: true, oneOf: ["waad"] },
};

/** An enterprise connection to Azure AD. Who may use it is the business of `ConnectionClients`. */
export const connectionType: ResourceType = {
  token: "auth0:index/connection:Connection",
  fields,
  meta: '{"schema_version":"3"}',

  validate(inputs: Props) {
    const options = isObject(inputs["options"]) ? inputs["options"] : {};
    const params = options["upstreamParams"];
    if (typeof params !== "string" || isUnknown(params) || isJsonObject(params)) return undefined;
    return "options.upstreamParams: must be the JSON text of an object";
  },

  async create(api: ManagementApi, inputs: Props, made: (id: string) => void) {
    const options = inputs["options"];
    const connection = await api.post("/connections", {
      ...toWire(fields, inputs),
      ...(isObject(options) ? { options: optionsToWire(options) } : {}),
    });
    const id = String(connection["id"]);
    made(id);
    return { id, outputs: outputsOf(await api.get(pathOf(id))) };
  },

  async read(api: ManagementApi, id: string) {
    const connection = await api.find(pathOf(id));
    return connection === undefined ? undefined : outputsOf(connection);
  },

  async update(api: ManagementApi, id: string, change: Change) {
    const options = isObject(change.news["options"])
      ? optionsToWire(
          change.news["options"],
          objectOf(change.olds["options"]),
          await optionsThere(api.get(pathOf(id))),
        )
      : undefined;
    const body = toWire(fields, change.news, (name) => sent(name, change));
    await api.patch(pathOf(id), { ...body, ...(options === undefined ? {} : { options }) });
    return outputsOf(await api.get(pathOf(id)));
  },

  async delete(api: ManagementApi, id: string) {
    await api.delete(pathOf(id));
  },
};

function pathOf(id: string): string {
  return `/connections/${segment(id)}`;
}

/** Name and strategy are a connection's for life; some others go only when they change. */
function sent(name: string, change: Change): boolean {
  if (name === "name" || name === "strategy") return false;
  const gated = name === "realms" || name === "authentication" || name === "connectedAccounts";
  return !gated || change.changed(name);
}

async function optionsThere(request: Promise<Props>): Promise<Props> {
  return objectOf((await request)["options"]);
}

function outputsOf(connection: Props): Props {
  const strategy = connection["strategy"];
  if (strategy !== "waad") {
    throw new Error(
      `The connection's strategy is "${String(strategy)}"; the stand-in provider knows only waad. Use the auth0 plugin for it.`,
    );
  }
  return { ...fromWire(fields, connection), options: optionsFromWire(objectOf(connection["options"])) };
}

function objectOf(value: unknown): Props {
  return isObject(value) ? value : {};
}

function isJsonObject(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}
