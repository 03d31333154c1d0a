import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { takeLock } from "../../packages/local-tenant/src/lib/process-lock.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import type { Employee } from "../../packages/local-tenant/src/directory/directory.ts";
import { watchDirectory } from "../../packages/local-tenant/src/directory/watch-directory.ts";
import type { DirectorySource } from "../../packages/local-tenant/src/directory/watch-directory.ts";
import type { Tenant } from "../../packages/local-tenant/src/tenant.ts";
import { caFile } from "../../packages/local-tenant/src/lib/tls.ts";
import type { StartOptions } from "./arguments.ts";
import { checkBeforehand, chooseEngine, deployWithEngine, deployWithoutEngine } from "./deployment.ts";
import type { Deployment, DeploymentOptions } from "./deployment.ts";
import { chooseEmployee, employeesDocument, employeesText } from "./employees.ts";
import { openFolder } from "./folder.ts";
import type { Interrupts } from "./interrupts.ts";
import { openLayout, resetLayout, writeAbout } from "../../packages/local-tenant/src/store/folder.ts";
import type { Layout } from "../../packages/local-tenant/src/store/folder.ts";
import { openLocalTenant, tieToTenant } from "./local-tenant.ts";
import { placesText, reportText } from "./report.ts";
import type { Report } from "./report.ts";
import { chooseApplication, signInEmployee } from "./sign-in.ts";
import { paintFor } from "./terminal.ts";
import type { Sink, Terminal } from "./terminal.ts";

/** The project's folder. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export interface RunOptions {
  readonly start: StartOptions;
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  readonly stdout: Sink;
  readonly interrupts: Interrupts;
  /** The folder for everything that is kept. */
  readonly folder: string;
}

/** A tenant with the stack on it. */
interface Deployed {
  readonly tenant: Tenant;
  readonly deployment: Deployment;
}

/**
 * All of `npm start`: the tenant, the deployment, a sign-in, the report, and then, unless it is `--once`, the wait for Ctrl-C.
 * @throws {UserError} one line, when the person has to do something.
 */
export async function run(options: RunOptions): Promise<void> {
  const { start, terminal } = options;
  const source = watchDirectory(join(ROOT, "local", "directory.json"));
  const directory = source();
  if (start.listEmployees) {
    const json = () => `${JSON.stringify(employeesDocument(directory), undefined, 2)}\n`;
    options.stdout.write(start.json ? json() : employeesText(directory));
    return;
  }
  const employee = chooseEmployee(directory, start.employee);
  const application = chooseApplication(ROOT, start.application);
  const place = openFolder(options.folder, start, terminal);
  try {
    await runIn(place.layout, options, { source, employee, application });
  } finally {
    place.remove();
  }
}

/** The run in a folder that it may write to. */
async function runIn(
  layout: Layout,
  options: RunOptions,
  { source, employee, application }: { source: DirectorySource; employee: Employee; application: string },
): Promise<void> {
  const { start, terminal, interrupts } = options;
  const lock = takeLock(layout.lock);
  if ("heldBy" in lock) {
    throw new UserError(
      `npm start is running on ${layout.folder} already, as process ${lock.heldBy}. Stop that one first; nothing was changed.`,
    );
  }
  try {
    if (start.reset) resetLayout(layout);
    const { tenant, deployment } = await bringUp(options, layout, source);
    try {
      const signedIn = await interrupts.race(
        signInEmployee(ROOT, tenant, deployment, { employee, application }),
      );
      const { engine, plugin, changes } = deployment;
      show(options, { engine, plugin, changes, ...signedIn, environment: layout.environment }, employee);
      if (start.once) return;
      terminal.say(
        placesText(
          { issuer: tenant.context.issuer, kept: deployment.engine !== "none", ...placesOf(layout) },
          terminal.paint,
        ),
      );
      terminal.say("Ctrl-C to stop.");
      await interrupts.interrupted;
    } finally {
      await tenant.close();
    }
  } finally {
    lock.release();
  }
}

/** Without an engine nobody could tell what of an earlier deployment is on a tenant, so that way gets one of its own, in memory. */
async function bringUp(options: RunOptions, layout: Layout, directory: DirectorySource): Promise<Deployed> {
  const { start, interrupts, terminal } = options;
  const about = openLayout(layout);
  const how: DeploymentOptions = {
    root: ROOT,
    layout,
    env: options.env,
    terminal,
    interrupts,
    ...(start.source === undefined ? {} : { source: start.source }),
  };
  if (start.engine) {
    const kept = await open(options, layout, directory, true);
    try {
      checkBeforehand(kept, how);
      const choice = await chooseEngine(about, how);
      if (choice !== undefined) {
        const tied = tieToTenant(about, kept, layout);
        writeAbout(layout, tied);
        const deployment = await deployWithEngine(choice, kept, tied, how);
        writeAbout(layout, { ...tied, provider: choice.plugin.kind });
        return { tenant: kept, deployment };
      }
    } catch (error) {
      await kept.close();
      throw error;
    }
    await kept.close();
  }
  const fresh = await open(options, layout, directory, false);
  try {
    checkBeforehand(fresh, how);
    return { tenant: fresh, deployment: await deployWithoutEngine(fresh, how) };
  } catch (error) {
    await fresh.close();
    throw error;
  }
}

async function open(
  options: RunOptions,
  layout: Layout,
  directory: DirectorySource,
  kept: boolean,
): Promise<Tenant> {
  const { start, terminal, interrupts } = options;
  interrupts.signal.throwIfAborted();
  const port = start.port === undefined ? {} : { port: start.port };
  const tenant = await openLocalTenant({ layout, directory, kept, ...port });
  terminal.heading("Local tenant");
  terminal.say(`  ${tenant.context.issuer}`);
  terminal.say(kept ? `  kept in ${layout.folder}` : "  in memory: without an engine nothing is kept");
  terminal.heading("Deployment");
  return tenant;
}

function show(options: RunOptions, report: Report, employee: Employee): void {
  const { stdout, env, start, terminal } = options;
  const changes = Object.entries(report.changes).map(([operation, count]) => `${operation} ${count}`);
  terminal.say(`  ${changes.join(", ")}`);
  if (start.json) stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  else stdout.write(`\n${reportText(report, employee, paintFor(stdout, env))}\n`);
}

function placesOf(layout: Layout): { environment: string; ca: string } {
  return { environment: layout.environment, ca: caFile(layout.tls) };
}
