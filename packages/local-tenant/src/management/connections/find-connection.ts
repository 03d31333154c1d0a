import type { ConnectionEntity } from "../../store/entities.ts";
import type { Store } from "../../store/state.ts";
import { found } from "../not-found.ts";

/** @throws {ManagementError} 404 `inexistent_connection`. */
export function findConnection(store: Store, id: string | undefined): ConnectionEntity {
  return found(
    store.tables.connections.get(id ?? ""),
    "The connection does not exist",
    "inexistent_connection",
  );
}
