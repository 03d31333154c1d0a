import type { ClientEntity } from "../../store/entities.ts";
import type { Store } from "../../store/state.ts";
import { found } from "../not-found.ts";

/** @throws {ManagementError} 404 `inexistent_client`. */
export function findClient(store: Store, id: string | undefined): ClientEntity {
  return found(store.tables.clients.get(id ?? ""), "The client does not exist", "inexistent_client");
}
