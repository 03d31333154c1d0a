import type { UserEntity } from "../../store/entities.ts";
import type { Store } from "../../store/state.ts";
import { found } from "../not-found.ts";

/** @throws {ManagementError} 404 `inexistent_user` "The user does not exist." */
export function findUser(store: Store, id: string | undefined): UserEntity {
  return found(store.tables.users.get(id ?? ""), "The user does not exist.", "inexistent_user");
}
