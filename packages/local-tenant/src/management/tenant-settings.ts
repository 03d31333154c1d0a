import { shownSettings, storedSettings } from "../store/own-address.ts";
import type { TenantSettings } from "../store/snapshot.ts";
import { isObject, mergePatch } from "./merge.ts";
import { ok, operation } from "./operation.ts";
import type { Operation } from "./operation.ts";
import { fieldsQuery, project } from "./projection.ts";
import { updateTenantSettings } from "./tenant-settings-schema.ts";

/** Objects that a PATCH merges one level down; all others it replaces. */
const DEEP = ["flags", "change_password", "guardian_mfa_page"];
/** Flags that only the answer to a change shows (recordings TestAccTenant* of the Terraform provider). */
const SHOWN_AFTER_CHANGE = {
  cannot_change_enforce_client_authentication_on_passwordless_start: true,
  enforce_client_authentication_on_passwordless_start: true,
};

const get = operation({
  id: "tenants.settings.get",
  method: "GET",
  path: "/tenants/settings",
  scopes: ["read:tenant_settings"],
  query: fieldsQuery,
  handle: ({ query, tenant }) => ok(project(shownSettings(tenant, tenant.store.settings), query)),
});

const update = operation<Record<string, unknown>>({
  id: "tenants.settings.update",
  method: "PATCH",
  path: "/tenants/settings",
  scopes: ["update:tenant_settings"],
  body: updateTenantSettings,
  handle: ({ body, tenant }) => {
    const { store } = tenant;
    const merged = mergePatch(store.settings, inHours(storedSettings(tenant, body)), DEEP);
    // An empty one counts as not set (recording TestAccTenant_DefaultRedirectionURI); other texts may be
    // empty.
    if (merged["default_redirection_uri"] === "") delete merged["default_redirection_uri"];
    // SAFETY: the schema keeps flags an object of booleans.
    store.settings = { ...merged, flags: isObject(merged["flags"]) ? merged["flags"] : {} } as TenantSettings;
    return ok({
      ...shownSettings(tenant, tenant.store.settings),
      flags: { ...SHOWN_AFTER_CHANGE, ...store.settings.flags },
    });
  },
});

const MINUTES = "_in_minutes";

/** Lifetimes may be sent in minutes; they are kept and answered in hours, fractions included. */
function inHours(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) =>
      key.endsWith(MINUTES) && typeof value === "number"
        ? [key.slice(0, -MINUTES.length), value / 60]
        : [key, value],
    ),
  );
}

export const tenantSettingsOperations: readonly Operation[] = [get, update];
