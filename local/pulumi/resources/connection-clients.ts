import { clientsPath, enabling, readConnectionOutputs, readEnabledClients } from "./enabled-clients.ts";
import type { ManagementApi } from "./management-api.ts";
import type { Change, ResourceType } from "./resource-type.ts";
import type { Fields } from "./schema.ts";
import type { Props } from "./values.ts";
import { equal, sortSet } from "./values.ts";

const fields: Fields = {
  connectionId: { kind: "string", required: true, replaces: true },
  enabledClients: { kind: "strings", set: true, required: true },
  name: { kind: "string", output: true },
  strategy: { kind: "string", output: true },
};

/** All clients that a connection is enabled for. Its id is the connection's. */
export const connectionClientsType: ResourceType = {
  token: "auth0:index/connectionClients:ConnectionClients",
  fields,

  async create(api: ManagementApi, inputs: Props, made: (id: string) => void) {
    const id = String(inputs["connectionId"]);
    const wanted = clientsOf(inputs);
    refuseOthers(id, wanted, await readEnabledClients(api, id));
    if (wanted.length > 0) await api.patch(clientsPath(id), enabling(wanted, true));
    made(id);
    return { id, outputs: await readOutputs(api, id) };
  },

  /** A connection that is gone is an error here, as it is for the plugin: it asks for the clients first. */
  async read(api: ManagementApi, id: string) {
    return readOutputs(api, id);
  },

  async update(api: ManagementApi, id: string, { olds, news }: Change) {
    const before = clientsOf(olds);
    const after = clientsOf(news);
    await api.patch(clientsPath(id), [
      ...enabling(
        after.filter((client) => !before.includes(client)),
        true,
      ),
      ...enabling(
        before.filter((client) => !after.includes(client)),
        false,
      ),
    ]);
    return readOutputs(api, id);
  },

  async delete(api: ManagementApi, id: string, olds: Props) {
    const enabled = clientsOf(olds);
    if (enabled.length > 0) await api.patchIfThere(clientsPath(id), enabling(enabled, false));
  },
};

function clientsOf({ enabledClients }: Props): string[] {
  return sortSet(Array.isArray(enabledClients) ? enabledClients.map(String) : []);
}

async function readOutputs(api: ManagementApi, id: string): Promise<Props> {
  const clients = await readEnabledClients(api, id);
  return { ...(await readConnectionOutputs(api, id)), enabledClients: sortSet(clients) };
}

/**
 * Refuses to overwrite somebody else's clients. As in the plugin, the same list in the same order is
 * accepted.
 */
function refuseOthers(id: string, wanted: string[], there: string[]): void {
  if (there.length === 0 || equal(wanted, there)) return;
  throw new Error(
    `Connection with non empty enabled clients: ${id} is already enabled for ${there.join(", ")}. ` +
      `Import the resource instead: pulumi import auth0:index/connectionClients:ConnectionClients NAME ${id}`,
  );
}
