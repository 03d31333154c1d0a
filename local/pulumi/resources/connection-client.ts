import { clientsPath, enabling, readConnectionOutputs, readEnabledClients } from "./enabled-clients.ts";
import type { ManagementApi } from "./management-api.ts";
import { ignoreMissing } from "./management-api.ts";
import type { ResourceType } from "./resource-type.ts";
import type { Fields } from "./schema.ts";
import type { Props } from "./values.ts";

const fields: Fields = {
  clientId: { kind: "string", required: true, replaces: true },
  connectionId: { kind: "string", required: true, replaces: true },
  name: { kind: "string", output: true },
  strategy: { kind: "string", output: true },
};

/** One client that a connection is enabled for, beside any others; its id is `CONNECTION::CLIENT`. */
export const connectionClientType: ResourceType = {
  token: "auth0:index/connectionClient:ConnectionClient",
  fields,

  async create(api: ManagementApi, inputs: Props, made: (id: string) => void) {
    const connection = String(inputs["connectionId"]);
    const client = String(inputs["clientId"]);
    const id = `${connection}::${client}`;
    await api.patch(clientsPath(connection), enabling([client], true));
    made(id);
    const outputs = await readOutputs(api, id);
    if (outputs === undefined) throw new Error(`${client} is not enabled on ${connection}.`);
    return { id, outputs };
  },

  /**
   * A client that is not enabled any more is gone. A connection that is gone is an error, as it is for the
   * plugin.
   */
  async read(api: ManagementApi, id: string) {
    return readOutputs(api, id);
  },

  /** Both inputs make a new resource, so there is nothing to update. */
  update(_api: ManagementApi, id: string) {
    return Promise.reject(new Error(`${id} cannot be changed in place.`));
  },

  async delete(api: ManagementApi, id: string) {
    const { connection, client } = partsOf(id);
    await api.patchIfThere(clientsPath(connection), enabling([client], false));
  },
};

async function readOutputs(api: ManagementApi, id: string): Promise<Props | undefined> {
  const { connection, client } = partsOf(id);
  const enabled = await readEnabledClients(api, connection);
  if (!enabled.includes(client)) return undefined;
  const shown = await ignoreMissing(readConnectionOutputs(api, connection));
  return shown === undefined ? undefined : { ...shown, clientId: client, connectionId: connection };
}

/** @throws {Error} for an id of another shape, such as one that a person has typed for an import. */
function partsOf(id: string): { connection: string; client: string } {
  const [connection, client, ...rest] = id.split("::");
  if (connection !== undefined && client !== undefined && rest.length === 0) return { connection, client };
  throw new Error(`The id "${id}" must be formatted as <connection_id>::<client_id>`);
}
