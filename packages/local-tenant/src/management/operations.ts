import { actionOperations } from "./actions/actions.ts";
import { bindingOperations } from "./actions/bindings.ts";
import { versionOperations } from "./actions/versions.ts";
import { clientGrantOperations } from "./client-grants.ts";
import { clientOperations } from "./clients/clients.ts";
import { credentialOperations } from "./clients/credentials.ts";
import { connectionClientOperations } from "./connections/enabled-clients.ts";
import { connectionOperations } from "./connections/connections.ts";
import type { Operation } from "./operation.ts";
import { resourceServerOperations } from "./resource-servers.ts";
import { inertOperations } from "./inert/inert-operations.ts";
import { logOperations } from "./logs.ts";
import { roleOperations } from "./roles.ts";
import { signingKeyOperations } from "./signing-keys.ts";
import { tenantSettingsOperations } from "./tenant-settings.ts";
import { assignmentOperations } from "./users/assignments.ts";
import { userOperations } from "./users/users.ts";

/** Every operation of the Management API that this tenant implements. */
export const operations: readonly Operation[] = [
  ...actionOperations,
  ...versionOperations,
  ...bindingOperations,
  ...clientOperations,
  ...credentialOperations,
  ...clientGrantOperations,
  ...connectionOperations,
  ...connectionClientOperations,
  ...resourceServerOperations,
  ...roleOperations,
  ...userOperations,
  ...assignmentOperations,
  ...logOperations,
  ...tenantSettingsOperations,
  ...signingKeyOperations,
  ...inertOperations,
];
