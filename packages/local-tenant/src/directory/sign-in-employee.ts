import type { TenantContext } from "../context.ts";
import type { ConnectionEntity, UserEntity } from "../store/entities.ts";
import { directoryBehind, findEmployee } from "./directory.ts";
import type { Employee } from "./directory.ts";
import { directoryProfile, directoryIdentity, mergeProfile } from "./profile.ts";

/**
 * Writes what the directory says about an employee to the tenant's profile of them, which is made at the
 * first sign-in.
 */
export function signInEmployee(
  context: TenantContext,
  connection: ConnectionEntity,
  employee: Employee,
  ip: string,
): UserEntity {
  const { users } = context.store.tables;
  const now = new Date(context.now()).toISOString();
  const identity = directoryIdentity(employee, connection);
  const userId = `waad|${identity}`;
  const known = users.get(userId);
  const attributes = directoryProfile(
    directoryBehind(context.directory, connection),
    employee,
    connection.options,
  );
  const user = known ?? {
    user_id: userId,
    identities: [{ provider: "waad", user_id: identity, connection: connection.name, isSocial: false }],
    created_at: now,
    updated_at: now,
  };
  const merged = mergeProfile(user, attributes, connection.options, known === undefined);
  return users.put(countLogin({ ...merged, updated_at: now }, ip, now));
}

/** The profile after one more sign-in, as `logins_count`, `last_login` and `last_ip` tell it. */
export function countLogin(user: UserEntity, ip: string, now: string): UserEntity {
  const count = typeof user["logins_count"] === "number" ? user["logins_count"] : 0;
  return { ...user, last_ip: ip, last_login: now, logins_count: count + 1 };
}

/** The directory's employee behind a profile, if it came from there over this connection. */
export function employeeOf(
  context: TenantContext,
  user: UserEntity,
  connection: ConnectionEntity,
): Employee | undefined {
  if (connection.strategy !== "waad") return undefined;
  const ids = user.identities.filter(({ provider }) => provider === "waad").map(({ user_id }) => user_id);
  const directory = directoryBehind(context.directory, connection);
  const isThem = (employee: Employee) => ids.includes(directoryIdentity(employee, connection));
  // Nearly always the one with the profile's email, who is found without a look at everybody.
  const likely = user.email === undefined ? undefined : findEmployee(directory, user.email);
  return likely !== undefined && isThem(likely) ? likely : directory.employees.find(isThem);
}
