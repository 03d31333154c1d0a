/** Everything that the package offers to other programs. */
export type { EvaluatedToken, Evaluation } from "./authentication/evaluate.ts";
export { createTenant } from "./create-tenant.ts";
export { directoryBehind, groupsOf, loadDirectory } from "./directory/directory.ts";
export type { Directory, DirectoryGroup, Employee, EntraTenant } from "./directory/directory.ts";
export { watchDirectory } from "./directory/watch-directory.ts";
export type { DirectorySource } from "./directory/watch-directory.ts";
export type { Fault } from "./faults.ts";
export type { InjectRequest, InjectResponse } from "./inject.ts";
export { UserError } from "./lib/errors.ts";
export { SignInError } from "./lib/sign-in.ts";
export type { Plan } from "./management/rate-limit.ts";
export type { ForkOptions } from "./running-tenant.ts";
export type { Trace } from "./sessions/traces.ts";
export { StateFolder } from "./store/state-folder.ts";
export type { About } from "./store/state-folder.ts";
export type {
  Claims,
  CreateTenantOptions,
  EvaluateRequest,
  SignIn,
  SignInRequest,
  Snapshot,
  Tenant,
  TenantClock,
} from "./tenant-interface.ts";
