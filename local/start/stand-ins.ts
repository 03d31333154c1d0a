import { readFileSync } from "node:fs";
import { fetchOver } from "../../packages/local-tenant/src/lib/browser.ts";
import type { Reporter } from "../pulumi/cli/reporter.ts";
import { namedActions } from "../pulumi/engine/config.ts";
import type { StackConfig } from "../pulumi/engine/config.ts";
import { ensureStandIns } from "../../packages/local-tenant/src/console/stand-ins.ts";
import type { NamedAction } from "../../packages/local-tenant/src/console/stand-ins.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import type { Tenant } from "../../packages/local-tenant/src/tenant.ts";

/**
 * Makes what stands in for the real tenant's Actions that `postLoginBefore` and `postLoginAfter` name, and says so: this tenant does not
 * have them, and would refuse to bind them.
 */
export function makeStandIns(tenant: Tenant, config: StackConfig, reporter: Reporter): void {
  const named = namedActions(config);
  if (named.length === 0) return;
  ensureStandIns(tenant.context, named);
  reporter.say(sentence(named));
}

/** {@link makeStandIns} for a tenant that may run in another process. */
export async function askForStandIns(
  tenant: { domain: string; clientId: string; clientSecret: string; caFile: string },
  config: StackConfig,
  reporter: Reporter,
): Promise<void> {
  const named = namedActions(config);
  if (named.length === 0) return;
  const credentials = Buffer.from(`${tenant.clientId}:${tenant.clientSecret}`).toString("base64");
  const { status, body } = await fetchOver(`https://${tenant.domain}/_local/stand-ins`, {
    method: "PUT",
    ca: readFileSync(tenant.caFile, "utf8"),
    headers: { authorization: `Basic ${credentials}`, "content-type": "application/json" },
    body: JSON.stringify(named),
  });
  if (status !== 204)
    throw new UserError(`The local tenant made no stand-ins, and answered ${status}: ${body}`);
  reporter.say(sentence(named));
}

function sentence(named: readonly NamedAction[]): string {
  const names = named.map(({ displayName }) => `"${displayName}"`).join(", ");
  return named.length === 1
    ? `The real tenant's Action ${names} is not here: a stand-in that does nothing runs in its place.`
    : `The real tenant's Actions ${names} are not here: stand-ins that do nothing run in their place.`;
}
