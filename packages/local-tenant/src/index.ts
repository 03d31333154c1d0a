/** Everything that the package offers to other programs. */
export { createTenant } from "./create-tenant.ts";
export type { Claims, CreateTenantOptions, SignIn, SignInRequest, Tenant } from "./create-tenant.ts";
export type { Directory, DirectoryGroup, Employee } from "./directory/directory.ts";
export type { Fault } from "./faults.ts";
export { UserError } from "./lib/errors.ts";
export { SignInError } from "./lib/sign-in.ts";
export type { Plan } from "./management/rate-limit.ts";
export type { Trace } from "./sessions/traces.ts";
