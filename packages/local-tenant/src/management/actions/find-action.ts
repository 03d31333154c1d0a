import type { ActionEntity } from "../../store/entities.ts";
import type { Store } from "../../store/state.ts";
import { found } from "../not-found.ts";

/**
 * @throws {ManagementError} 404 in production's words, which have no error code (recording
 * TestAccDataSourceAction).
 */
export function findAction(store: Store, id: string | undefined): ActionEntity {
  return found(store.tables.actions.get(id ?? ""), "That action does not exist.");
}
