import type { ManagementApi } from "./management-api.ts";
import { segment } from "./management-api.ts";
import type { Props } from "./values.ts";
import { isObject } from "./values.ts";

/** Where the clients are that a connection is enabled for. */
export function clientsPath(connection: string): string {
  return `/connections/${segment(connection)}/clients`;
}

/** A change of the list: it names the clients that come or go, and touches no others. */
export function enabling(clients: readonly string[], status: boolean): Props[] {
  return clients.map((client_id) => ({ client_id, status }));
}

/** Every client that a connection is enabled for, page by page. */
export async function readEnabledClients(api: ManagementApi, connection: string): Promise<string[]> {
  const found: string[] = [];
  for (let from: string | undefined = ""; from !== undefined;) {
    const query: string = from === "" ? "" : `?from=${encodeURIComponent(from)}`;
    const { clients, next }: Props = await api.get(`${clientsPath(connection)}${query}`);
    for (const client of Array.isArray(clients) ? clients.filter(isObject) : [])
      found.push(String(client["client_id"]));
    from = typeof next === "string" && next !== "" ? next : undefined;
  }
  return found;
}

/** What the plugin shows of a connection beside its clients. */
export async function readConnectionOutputs(api: ManagementApi, connection: string): Promise<Props> {
  const query = "fields=strategy%2Cname&include_fields=true";
  const { id, name, strategy } = await api.get(`/connections/${segment(connection)}?${query}`);
  return { connectionId: id ?? "", name: name ?? "", strategy: strategy ?? "" };
}
