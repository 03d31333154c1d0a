import type { TenantContext } from "../context.ts";

/** The API that a request without an `audience` is for, where the tenant's settings name one. */
export function defaultAudience(context: TenantContext): string | undefined {
  const audience = context.store.settings["default_audience"];
  return typeof audience === "string" && audience !== "" ? audience : undefined;
}
