import { fetchOver } from "../../packages/local-tenant/src/lib/browser.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import type { Reporter } from "../pulumi/cli/reporter.ts";
import { namedActions } from "../pulumi/engine/config.ts";
import type { ConfigValues } from "../pulumi/engine/config.ts";
import type { TenantAccess } from "../pulumi/resources/tenant-access.ts";

/**
 * Asks the tenant, which may run in another process, to make stand-ins for the real tenant's Actions that
 * `postLoginBefore` and `postLoginAfter` name, and says so. The local tenant does not have these Actions and
 * would refuse to bind them.
 */
export async function makeStandIns(
  tenant: TenantAccess & { readonly ca: string },
  config: ConfigValues,
  reporter: Reporter,
): Promise<void> {
  const named = namedActions(config);
  if (named.length === 0) return;
  const credentials = Buffer.from(`${tenant.clientId}:${tenant.clientSecret}`).toString("base64");
  const { status, body } = await fetchOver(`https://${tenant.domain}/_local/stand-ins`, {
    method: "PUT",
    ca: tenant.ca,
    headers: { authorization: `Basic ${credentials}`, "content-type": "application/json" },
    body: JSON.stringify(named),
  });
  if (status !== 204)
    throw new UserError(`The local tenant made no stand-ins, and answered ${status}: ${body}`);
  const names = named.map(({ displayName }) => `"${displayName}"`).join(", ");
  reporter.say(
    named.length === 1
      ? `The real tenant's Action ${names} is not here: a stand-in that does nothing runs in its place.`
      : `The real tenant's Actions ${names} are not here: stand-ins that do nothing run in their place.`,
  );
}
