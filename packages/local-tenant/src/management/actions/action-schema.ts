import { arrayOf, boolean, integer, object, oneOf, patchOf, string } from "../json-schema.ts";
import type { Schema } from "../json-schema.ts";
import { triggerIds } from "./triggers.ts";

const trigger = object({
  "id!": oneOf(...triggerIds),
  version: string({ minLength: 1, maxLength: 20 }),
  status: string(),
  runtimes: arrayOf(string()),
  default_runtime: string(),
  compatible_triggers: arrayOf(object({ "id!": oneOf(...triggerIds), version: string() })),
  binding_policy: string(),
});

/** Body of `POST /actions/actions`. Limits: docs customize/actions/limitations. */
export const createAction: Schema = object({
  "name!": string({ minLength: 1, maxLength: 255 }),
  "supported_triggers!": arrayOf(trigger, { minItems: 1 }),
  code: string({ maxLength: 102_400 }),
  dependencies: arrayOf(
    object({
      "name!": string({ minLength: 1, maxLength: 214 }),
      "version!": string({ minLength: 1, maxLength: 128 }),
      registry_url: string(),
    }),
    { maxItems: 10 },
  ),
  runtime: oneOf("node12", "node16", "node18", "node18-actions", "node22"),
  secrets: arrayOf(
    object({ "name!": string({ minLength: 1, maxLength: 128 }), value: string({ maxLength: 4096 }) }),
    { maxItems: 30 },
  ),
  modules: arrayOf(
    object({
      module_id: string(),
      module_name: string(),
      module_version_id: string(),
      module_version_number: integer(1),
    }),
  ),
  deploy: boolean,
});

/** Body of `PATCH /actions/actions/{id}`. */
export const updateAction: Schema = patchOf(createAction, { deploy: undefined });

/** Body of `PATCH /actions/triggers/{id}/bindings`. */
export const updateBindings: Schema = object({
  "bindings!": arrayOf(
    object({
      display_name: string({ minLength: 1, maxLength: 255 }),
      "ref!": object({ "type!": oneOf("action_id", "action_name", "binding_id"), "value!": string() }),
      secrets: arrayOf(object({ "name!": string(), value: string() })),
    }),
    { maxItems: 50 },
  ),
});
