import { watchDirectory } from "../../packages/local-tenant/src/index.ts";
import type { DirectorySource, Employee, Tenant } from "../../packages/local-tenant/src/index.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { takeLock } from "../../packages/local-tenant/src/lib/process-lock.ts";
import { caFile } from "../../packages/local-tenant/src/lib/tls.ts";
import { checkedStack } from "./checked-stack.ts";
import { DIRECTORY_FILE } from "./context.ts";
import type { StartContext, StartRequest } from "./context.ts";
import { chooseEngine, deployWithEngine, deployWithoutEngine } from "./deployment.ts";
import type { Deployment } from "./deployment.ts";
import { chooseEmployee, employeesDocument, employeesText } from "./employees.ts";
import { openLocalTenant, tieToTenant } from "./local-tenant.ts";
import { placesText, reportText } from "./report.ts";
import type { Report } from "./report.ts";
import { planSignIn, signInAsPlanned } from "./sign-in.ts";
import type { PlannedSignIn } from "./sign-in.ts";
import { paintFor } from "./terminal.ts";
import { usableFolder } from "./usable-folder.ts";

/** A tenant with the stack on it. */
interface Deployed {
  readonly tenant: Tenant;
  readonly deployment: Deployment;
}

/**
 * Runs `npm start`: the tenant, the deployment, a sign-in, the report, and then the wait for Ctrl-C, unless
 * `--once` is given.
 * @param path The folder for everything that is kept.
 * @throws {UserError} one line, if the person must do something.
 */
export async function run(path: string, request: StartRequest): Promise<void> {
  const { flags, stdout, terminal } = request;
  const directory = watchDirectory(DIRECTORY_FILE);
  if (flags.listEmployees) {
    const document = () => `${JSON.stringify(employeesDocument(directory()), undefined, 2)}\n`;
    stdout.write(flags.json ? document() : employeesText(directory()));
    return;
  }
  const employee = chooseEmployee(directory(), flags.employee);
  const planned = planSignIn(checkedStack(request), directory(), employee, flags.application);
  const usable = usableFolder(path, flags, terminal);
  try {
    await runIn({ ...request, folder: usable.folder }, directory, planned);
  } finally {
    usable.remove();
  }
}

/** The run in a folder that it may write to. */
async function runIn(
  context: StartContext,
  directory: DirectorySource,
  planned: PlannedSignIn,
): Promise<void> {
  const { folder, flags, terminal, interrupts } = context;
  const lock = takeLock(folder.lockFile);
  if ("heldBy" in lock) {
    throw new UserError(
      `npm start is already running on ${folder.path}, as process ${lock.heldBy}. Stop that one first; nothing was changed.`,
    );
  }
  try {
    if (flags.reset) folder.reset();
    const { tenant, deployment } = await bringUp(context, directory);
    try {
      const signedIn = await interrupts.race(signInAsPlanned(tenant, deployment, planned, directory()));
      const { engine, plugin, changes } = deployment;
      const environment = folder.environmentFile;
      show(context, { engine, plugin, changes, ...signedIn, environment }, planned.employee);
      if (flags.once) return;
      terminal.say(
        placesText(
          { issuer: tenant.issuer, kept: engine !== "none", environment, ca: caFile(folder.tlsFolder) },
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

/**
 * Starts the tenant and deploys to it. Without an engine nothing knows what an earlier deployment has left on
 * a tenant, so that way gets a new tenant in memory.
 */
async function bringUp(context: StartContext, directory: DirectorySource): Promise<Deployed> {
  const { folder, flags } = context;
  const about = folder.open();
  if (flags.engine) {
    const kept = await open(context, directory, true);
    try {
      const choice = await chooseEngine(about, context);
      if (choice !== undefined) {
        const tied = tieToTenant(about, kept, folder);
        folder.writeAbout(tied);
        const deployment = await deployWithEngine(choice, kept, tied, context);
        folder.writeAbout({ ...tied, provider: choice.plugin.kind, domain: kept.domain });
        return { tenant: kept, deployment };
      }
    } catch (error) {
      await kept.close();
      throw error;
    }
    await kept.close();
  }
  const fresh = await open(context, directory, false);
  try {
    return { tenant: fresh, deployment: await deployWithoutEngine(fresh, context) };
  } catch (error) {
    await fresh.close();
    throw error;
  }
}

async function open(
  { folder, flags, terminal, interrupts }: StartContext,
  directory: DirectorySource,
  kept: boolean,
): Promise<Tenant> {
  interrupts.signal.throwIfAborted();
  const port = flags.port === undefined ? {} : { port: flags.port };
  const tenant = await openLocalTenant(folder, { directory, kept, ...port });
  terminal.heading("Local tenant");
  terminal.say(`  ${tenant.issuer}`);
  terminal.say(kept ? `  kept in ${folder.path}` : "  in memory: without an engine nothing is kept");
  terminal.heading("Deployment");
  return tenant;
}

function show({ stdout, env, flags, terminal }: StartContext, report: Report, employee: Employee): void {
  const changes = Object.entries(report.changes).map(([operation, count]) => `${operation} ${count}`);
  terminal.say(`  ${changes.join(", ")}`);
  if (flags.json) stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  else stdout.write(`\n${reportText(report, employee, paintFor(stdout, env))}\n`);
}
