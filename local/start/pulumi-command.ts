import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lockHolder, takeLock } from "../../packages/local-tenant/src/lib/process-lock.ts";
import { runAttached } from "../../packages/local-tenant/src/lib/run-attached.ts";
import { getCli } from "../pulumi/cli/ladder.ts";
import { localConfig } from "../pulumi/engine/config.ts";
import { deployerProgram, type Deployer } from "../pulumi/engine/deployer-program.ts";
import { deploymentEnvironment } from "../pulumi/engine/environment.ts";
import { workspacePaths } from "../pulumi/engine/paths.ts";
import { choosePlugin, pluginVariables } from "../pulumi/engine/plugin.ts";
import { serveProgram } from "../pulumi/engine/program-server.ts";
import { prepareWorkspace } from "../pulumi/engine/workspace.ts";
import { readYaml } from "../pulumi/engine/yaml.ts";
import { startStandIn } from "../pulumi/provider/start.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { caFile } from "../../packages/local-tenant/src/lib/tls.ts";
import { commandWords } from "./command-words.ts";
import { DIRECTORY_FILE, ROOT } from "./context.ts";
import type { CommandContext } from "./context.ts";
import { readEnvironment } from "./environment.ts";
import { openLocalTenant } from "./local-tenant.ts";
import { refusedCommand } from "./refused-commands.ts";
import { makeStandIns } from "./stand-ins.ts";

/** Commands that run the program. */
const WITH_PROGRAM = new Set(["preview", "pre", "up", "update", "refresh", "destroy", "down", "dn"]);
/** Commands that talk to the tenant. */
const WITH_TENANT = new Set([...WITH_PROGRAM, "import"]);

/**
 * `npm run pulumi -- ARGS`: runs the CLI with the local stack's environment, as if the person had typed it.
 * If the command needs the program, this process serves it, so that no language host is needed. If it needs
 * the tenant and `npm start` is not running, the tenant runs as long as the command.
 * @returns the CLI's exit code.
 */
export async function runPulumi(args: readonly string[], context: CommandContext): Promise<number> {
  const { folder, env, terminal } = context;
  const project = String(readYaml(join(ROOT, "Pulumi.yaml"))["name"]);
  const refused = refusedCommand(args, { root: ROOT, project, env });
  if (refused !== undefined) throw new UserError(refused);
  const paths = workspacePaths(folder.pulumiFolder);
  if (!existsSync(paths.config)) {
    throw new UserError("There is no local stack yet. Make it first: npm start -- --once");
  }
  const about = folder.open();
  const cli = await getCli({ env, reporter: terminal });
  const command = commandWords(args).words[0] ?? "";
  if (!WITH_TENANT.has(command)) {
    return runAttached(cli.command, args, { cwd: paths.folder, env: deploymentEnvironment(env, paths) });
  }
  const closing: (() => Promise<void> | void)[] = [];
  try {
    closing.push(await ensureTenant(context));
    const authority = caFile(folder.tlsFolder);
    const tenant = { ...readEnvironment(folder), ca: readFileSync(authority, "utf8"), caFile: authority };
    if (about.deployer !== undefined && about.deployer !== tenant.clientId) {
      throw new UserError(
        "The running tenant does not have the stack, because it was started with --no-engine. Stop it first, with Ctrl-C.",
      );
    }
    const config = localConfig(ROOT, { domain: tenant.domain });
    if (WITH_PROGRAM.has(command)) await makeStandIns(tenant, config, terminal);
    prepareWorkspace(ROOT, paths, config);
    const plugin = await choosePlugin({
      cli,
      env,
      reporter: terminal,
      download: about.provider !== "stand-in",
    });
    const base = deploymentEnvironment(env, paths, tenant);
    const standIn = plugin.kind === "stand-in" ? await startStandIn(base) : undefined;
    if (standIn !== undefined) closing.push(() => standIn.close());
    const program = WITH_PROGRAM.has(command) ? await serve(closing, tenant) : [];
    const all = { ...base, ...pluginVariables(plugin), ...standIn?.environment };
    return await runAttached(cli.command, [...args, ...program], { cwd: paths.folder, env: all });
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

async function serve(closing: (() => void)[], tenant: Deployer): Promise<string[]> {
  const { default: program } = await import("../../index.ts");
  const deployed = deployerProgram(program, tenant);
  const server = await serveProgram(deployed.run);
  closing.push(
    () => deployed.end(),
    () => server.close(),
  );
  return [`--client=${server.address}`, "--exec-kind=auto.inline"];
}

/** Starts the tenant unless a running `npm start` has it. */
async function ensureTenant({ folder, terminal }: CommandContext): Promise<() => Promise<void>> {
  if (lockHolder(folder.lockFile) !== undefined) return async () => undefined;
  const lock = takeLock(folder.lockFile);
  if ("heldBy" in lock) return async () => undefined;
  try {
    const tenant = await openLocalTenant(folder, { directory: DIRECTORY_FILE, kept: true });
    terminal.say(`The local tenant runs for this command: ${tenant.issuer}`);
    return async () => {
      await tenant.close();
      lock.release();
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
