import type { TenantContext } from "./context.ts";
import { directoryBehind, findEmployee } from "./directory/directory.ts";
import { UserError } from "./lib/errors.ts";
import type { ClientEntity } from "./store/entities.ts";
import { applicationsOf, connectionNamed, findApplication } from "./store/find-by-name.ts";

/**
 * The application of this name or client id.
 * @throws {UserError} with the names that there are.
 */
export function applicationNamed({ store }: TenantContext, wanted: string): ClientEntity {
  const found = findApplication(store, wanted);
  if (found !== undefined) return found;
  const names = applicationsOf(store)
    .map(({ name }) => `"${name}"`)
    .join(", ");
  throw new UserError(`The tenant has no application "${wanted}". It has ${names}.`);
}

/**
 * Refuses an unknown employee at once. The connection decides which directory is asked.
 * @throws {UserError} with the name.
 */
export function checkEmployee(
  { directory, store }: TenantContext,
  { employee, connection }: { readonly employee: string; readonly connection?: string },
): void {
  const named = connectionNamed(store, connection);
  const people =
    named === undefined ? [directory, ...(directory.directories ?? [])] : [directoryBehind(directory, named)];
  // People of a database are the tenant's own users.
  const known = people.some((one) => findEmployee(one, employee) !== undefined);
  if (
    known ||
    store.tables.users.by("identifier", employee.toLowerCase()).some(({ email }) => email === employee)
  )
    return;
  throw new UserError(`The directory has no employee "${employee}".`);
}
