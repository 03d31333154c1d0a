import { ManagementError } from "../../lib/errors.ts";
import { noContent, ok, operation } from "../operation.ts";
import type { Operation } from "../operation.ts";
import { checkpointAnswer, checkpointQuery } from "../paging.ts";
import { findConnection } from "./find-connection.ts";
import { updateClients } from "./connection-schema.ts";

const list = operation({
  id: "connections.clients.list",
  method: "GET",
  path: "/connections/:id/clients",
  scopes: ["read:connections"],
  query: checkpointQuery,
  handle: ({ params, query, tenant }) => {
    const { enabled_clients } = findConnection(tenant.store, params["id"]);
    const rows = enabled_clients.map((client_id) => ({ client_id }));
    return ok(checkpointAnswer("clients", rows, query, (row) => row.client_id));
  },
});

const update = operation<{ client_id: string; status: boolean }[]>({
  id: "connections.clients.update",
  method: "PATCH",
  path: "/connections/:id/clients",
  scopes: ["update:connections"],
  body: updateClients,
  handle: ({ params, body, tenant }) => {
    const { clients, connections } = tenant.store.tables;
    const connection = findConnection(tenant.store, params["id"]);
    const missing = body.find(({ client_id, status }) => status && clients.get(client_id) === undefined);
    if (missing !== undefined) {
      throw new ManagementError(404, "The client does not exist", "inexistent_client");
    }
    const enabled = new Set(connection.enabled_clients);
    for (const { client_id, status } of body) {
      if (status) enabled.add(client_id);
      else enabled.delete(client_id);
    }
    connections.put({ ...connection, enabled_clients: [...enabled] });
    return noContent;
  },
});

export const connectionClientOperations: readonly Operation[] = [list, update];
