import type { ManagementApi } from "./management-api.ts";
import { segment } from "./management-api.ts";
import type { Change, ResourceType } from "./resource-type.ts";
import type { Fields } from "./schema.ts";
import type { Props } from "./values.ts";
import { isObject, listOf, sortSet } from "./values.ts";
import { fromWire, toWire } from "./wire.ts";

const fields: Fields = {
  code: { kind: "string", required: true },
  dependencies: {
    kind: "blocks",
    set: true,
    fields: { name: { kind: "string", required: true }, version: { kind: "string", required: true } },
  },
  deploy: { kind: "boolean", offWire: true, default: false },
  modules: { kind: "blocks", set: true, fields: {}, unused: true },
  name: { kind: "string", required: true },
  runtime: { kind: "string", computed: true, oneOf: ["node12", "node16", "node18", "node22"] },
  secrets: {
    kind: "blocks",
    set: true,
    offWire: true,
    fields: {
      name: { kind: "string", required: true },
      value: { kind: "string", required: true, secret: true },
    },
  },
  secretsWoVersion: { kind: "integer", offWire: true, unused: true },
  secretsWos: { kind: "blocks", fields: {}, unused: true, inner: "secrets_wo" },
  supportedTriggers: {
    kind: "block",
    listed: true,
    required: true,
    fields: { id: { kind: "string", required: true }, version: { kind: "string", required: true } },
  },
  versionId: { kind: "string", output: true },
};

/** How long a build or a deployment may take, as the plugin has it. */
const PATIENCE = 6 * 60_000;

/**
 * An Action, deployed if `deploy` says so. Its secrets' values cannot be read: the state keeps what the
 * program gave.
 */
export const actionType: ResourceType = {
  token: "auth0:index/action:Action",
  fields,
  // The plugin's time limits, in nanoseconds, under the key that its framework has for them.
  meta: '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":360000000000}}',

  async create(api: ManagementApi, inputs: Props, made: (id: string) => void) {
    const action = await api.post(
      "/actions/actions",
      bodyOf(inputs, (name) => isFilled(inputs[name])),
    );
    const id = String(action["id"]);
    made(id);
    if (inputs["deploy"] === true) await deploy(api, id, String(inputs["name"]));
    return { id, outputs: outputsOf(await api.get(pathOf(id)), inputs) };
  },

  async read(api: ManagementApi, id: string, olds: Props = {}) {
    const action = await api.find(pathOf(id));
    // An import knows neither, and the plugin leaves what it cannot read open.
    return action === undefined ? undefined : { ...outputsOf(action, olds), deploy: olds["deploy"] ?? null };
  },

  async update(api: ManagementApi, id: string, change: Change) {
    const { news } = change;
    if (change.changed("secrets")) refuseUnmanagedSecrets(await api.get(pathOf(id)), change);
    await api.patch(
      pathOf(id),
      bodyOf(news, (name) => change.changed(name)),
    );
    if (news["deploy"] === true) await deploy(api, id, String(news["name"]));
    return outputsOf(await api.get(pathOf(id)), { ...news, versionId: change.olds["versionId"] });
  },

  async delete(api: ManagementApi, id: string) {
    await api.delete(pathOf(id));
  },
};

function pathOf(id: string): string {
  return `/actions/actions/${segment(id)}`;
}

/**
 * Name, trigger, code and runtime go each time; the two lists only when changed, and then whole (`[]`
 * clears).
 */
function bodyOf(inputs: Props, changed: (name: string) => boolean): Props {
  const body = toWire(fields, inputs, (name) => name !== "dependencies");
  if (body["runtime"] === "node18") body["runtime"] = "node18-actions";
  if (changed("dependencies")) body["dependencies"] = sortSet(listOf(inputs["dependencies"]));
  if (changed("secrets")) body["secrets"] = sortSet(listOf(inputs["secrets"]));
  return body;
}

function outputsOf(action: Props, known: Props): Props {
  const outputs = fromWire(fields, action);
  const version = action["deployed_version"];
  return {
    ...outputs,
    runtime: outputs["runtime"] === "node18-actions" ? "node18" : outputs["runtime"],
    deploy: known["deploy"] ?? false,
    secrets: sortSet(listOf(known["secrets"])),
    secretsWoVersion: null,
    versionId: isObject(version) ? (version["id"] ?? "") : (known["versionId"] ?? null),
  };
}

async function deploy(api: ManagementApi, id: string, name: string): Promise<void> {
  await poll(api, id, `Action "${name}" never reached the state "built"`, (action) => {
    if (action["status"] === "failed") throw new Error(`Action "${name}" failed to build.`);
    return action["status"] === "built";
  });
  await api.post(`${pathOf(id)}/deploy`);
  await poll(api, id, `Action "${name}" was never deployed`, ({ deployed_version: version }) => {
    return isObject(version) && version["deployed"] === true;
  });
}

async function poll(
  api: ManagementApi,
  id: string,
  error: string,
  done: (action: Props) => boolean,
): Promise<void> {
  for (let waited = 0, pause = 100; !done(await api.get(pathOf(id))); pause = Math.min(pause * 2, 10_000)) {
    if (waited >= PATIENCE) throw new Error(`${error} within ${PATIENCE / 60_000} minutes.`);
    await api.sleep(pause);
    waited += pause;
  }
}

/**
 * An update of secrets sends the whole list, so one that somebody else has added would be lost: the plugin
 * stops there, and so do we.
 */
function refuseUnmanagedSecrets(action: Props, { olds, news }: Change): void {
  const known = new Set([...listOf(olds["secrets"]), ...listOf(news["secrets"])].map(nameOf));
  const strange = listOf(action["secrets"])
    .map(nameOf)
    .filter((name) => !known.has(name));
  if (strange.length === 0) return;
  throw new Error(
    `Unmanaged Action Secret: the tenant's Action has ${strange.join(", ")}, which this program does not know and would delete. ` +
      "Add it to the program's secrets, or remove it from the Action.",
  );
}

function nameOf(secret: unknown): string {
  return isObject(secret) ? String(secret["name"]) : "";
}

function isFilled(value: unknown): boolean {
  return listOf(value).length > 0;
}
