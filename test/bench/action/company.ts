import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { globalAgent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadDirectory } from "../../../packages/local-tenant/src/index.ts";
import type { Plan } from "../../../packages/local-tenant/src/index.ts";
import { startTenant } from "../../../packages/local-tenant/src/tenant.ts";
import type { RunningTenant } from "../../../packages/local-tenant/src/running-tenant.ts";
import { createTls } from "../../../packages/local-tenant/src/lib/tls.ts";
import { deploySample } from "../../support/deploy-sample.ts";
import { sampleDirectoryFile } from "../../support/sample.ts";

/** Whose Action signs people in: this project's, or the recipe's. */
export type Subject = "ours" | "recipe";

/** The sample company XYZ with the stack deployed, and a tenant of its own for each measurement. */
export interface Company {
  /**
   * A fresh copy of the deployed tenant whose post-login trigger runs this Action; close it before the next
   * one.
   */
  open(subject: Subject, plan?: Plan): Promise<RunningTenant>;
  /** The applications' client ids and secrets, among others. */
  readonly outputs: Readonly<Record<string, unknown>>;
  remove(): void;
}

/**
 * Deploys the sample company's stack onto a local tenant through its Management API. Of the groups' sources,
 * directory sync is left out: the tenant's directory syncs every group, and the fallback would never be used.
 */
export async function foundCompany(): Promise<Company> {
  const folder = mkdtempSync(join(tmpdir(), "workforce-sso-bench-"));
  try {
    return await deploy(folder);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function deploy(folder: string): Promise<Company> {
  const directory = loadDirectory(sampleDirectoryFile);
  const tls = await createTls();
  const deployed = join(folder, "deployed.json");
  const tenant = await startTenant({ directory, tls, stateFile: deployed });
  const access = { domain: tenant.context.domain, ...tenant.context.store.deployer, ca: tenant.ca };
  const settings = { "workforce-sso:groupSources": ["event", "management-api"] };
  const { outputs } = await deploySample(access, settings).finally(() => tenant.close());
  return {
    outputs,
    async open(subject, plan = "off") {
      // Its kept connections lead to the tenant before, on the same port.
      globalAgent.destroy();
      const stateFile = join(folder, "running.json");
      copyFileSync(deployed, stateFile);
      const opened = await startTenant({ directory, tls, stateFile, plan });
      if (subject === "recipe") replaceAction(opened);
      return opened;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The recipe's Action gets the place, the secrets, the SDK and the machine client of ours. */
function replaceAction({ context }: RunningTenant): void {
  const { actions, actionVersions } = context.store.tables;
  for (const action of actions.list()) {
    const version = actionVersions.get(action.deployed_version_id ?? "");
    if (version === undefined) throw new Error(`The Action ${action.name} is not deployed.`);
    actionVersions.put({ ...version, code: recipeSource() });
  }
}

/** The recipe's source, as it is uploaded. */
export function recipeSource(): string {
  return readFileSync(new URL("./recipe.cjs", import.meta.url), "utf8");
}
