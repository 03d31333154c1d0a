import type { JsonObject } from "../../store/entities.ts";

/** The triggers that an Action can be bound to, as `GET /actions/triggers` lists them. */
const TRIGGERS: readonly { id: string; version: string; policy?: string }[] = [
  { id: "post-login", version: "v3" },
  { id: "credentials-exchange", version: "v2" },
  { id: "pre-user-registration", version: "v2" },
  { id: "post-user-registration", version: "v2" },
  { id: "post-change-password", version: "v2" },
  { id: "send-phone-message", version: "v2" },
  { id: "password-reset-post-challenge", version: "v1" },
  { id: "custom-email-provider", version: "v1" },
  { id: "custom-phone-provider", version: "v1" },
  { id: "custom-token-exchange", version: "v1", policy: "entity-bound" },
  { id: "event-stream", version: "v1", policy: "entity-bound" },
  { id: "password-hash-migration", version: "v1", policy: "entity-bound" },
  { id: "login-post-identifier", version: "v1" },
  { id: "signup-post-identifier", version: "v1" },
];

/** Names of all triggers. */
export const triggerIds: readonly string[] = TRIGGERS.map((trigger) => trigger.id);

/** The rows of `GET /actions/triggers`. */
export function listTriggers(): JsonObject[] {
  return TRIGGERS.map(({ id, version, policy = "trigger-bound" }) => ({
    id,
    version,
    status: "CURRENT",
    runtimes: ["node18-actions", "node22"],
    default_runtime: "node22",
    binding_policy: policy,
    compatible_triggers: [],
  }));
}
