import { actionType } from "./action.ts";
import { clientCredentialsType } from "./client-credentials.ts";
import { clientGrantType } from "./client-grant.ts";
import { clientType } from "./client.ts";
import { connectionClientType } from "./connection-client.ts";
import { connectionClientsType } from "./connection-clients.ts";
import { connectionType } from "./connection.ts";
import type { ResourceType } from "./resource-type.ts";
import { triggerActionType } from "./trigger-action.ts";
import { triggerActionsType } from "./trigger-actions.ts";

const TYPES: readonly ResourceType[] = [
  actionType,
  clientCredentialsType,
  clientGrantType,
  clientType,
  connectionClientType,
  connectionClientsType,
  connectionType,
  triggerActionType,
  triggerActionsType,
];

/** Version of the auth0 plugin that the stand-in takes the place of. */
export const PLUGIN_VERSION = "3.49.0";

/**
 * The resource type of a token such as `auth0:index/client:Client`.
 * @throws {Error} for a type that this stack has no use for.
 */
export function resourceType(token: string): ResourceType {
  const found = TYPES.find((type) => type.token === token);
  if (found !== undefined) return found;
  throw new Error(
    `The stand-in provider has no ${token}. It knows ${TYPES.map((type) => type.token).join(", ")}; ` +
      `for others use the auth0 plugin: pulumi plugin install resource auth0 ${PLUGIN_VERSION}`,
  );
}
