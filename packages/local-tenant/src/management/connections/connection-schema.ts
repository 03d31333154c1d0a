import {
  anything,
  arrayOf,
  boolean,
  mapOf,
  nullable,
  object,
  oneOf,
  patchOf,
  string,
} from "../json-schema.ts";
import type { Schema } from "../json-schema.ts";
import { strategies } from "./strategies.ts";

const options: Schema = { type: "object", additional: anything };

/** Body of `POST /connections`. Options are free: each strategy has its own, and new ones come often. */
export const createConnection: Schema = object({
  "name!": string({ minLength: 1, maxLength: 128, pattern: "^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$" }),
  "strategy!": oneOf(...strategies),
  display_name: string({ maxLength: 128 }),
  options,
  enabled_clients: arrayOf(string({ minLength: 1 })),
  is_domain_connection: boolean,
  show_as_button: boolean,
  realms: arrayOf(string({ maxLength: 128 })),
  metadata: mapOf(nullable(string({ maxLength: 255 })), 10),
  authentication: object({ "active!": boolean }),
  connected_accounts: object({
    "active!": boolean,
    cross_app_access: boolean,
    allow_missing_user_id: boolean,
  }),
  cross_app_access_requesting_app: object({ "active!": boolean }),
  cross_app_access_resource_app: object({ "status!": oneOf("enabled", "disabled") }),
});

/**
 * Body of `PATCH /connections/{id}`. Which clients may use it can be changed only at
 * `/connections/{id}/clients`.
 */
export const updateConnection: Schema = patchOf(createConnection, {
  name: undefined,
  strategy: undefined,
  options: nullable(options),
  enabled_clients: undefined,
  cross_app_access_requesting_app: nullable(object({ "active!": boolean })),
  cross_app_access_resource_app: nullable(object({ "status!": oneOf("enabled", "disabled") })),
});

/** Body of `PATCH /connections/{id}/clients`: what changes, at most 50 entries. */
export const updateClients: Schema = arrayOf(
  object({ "client_id!": string({ minLength: 1 }), "status!": boolean }),
  {
    minItems: 1,
    maxItems: 50,
  },
);
