import { existsSync } from "node:fs";
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
import { loadDirectory } from "../../packages/local-tenant/src/directory/directory.ts";
import { caFile } from "../../packages/local-tenant/src/lib/tls.ts";
import { commandWords } from "./command-words.ts";
import { readEnvironment } from "./environment.ts";
import { layoutOf, openLayout } from "../../packages/local-tenant/src/store/folder.ts";
import type { Layout } from "../../packages/local-tenant/src/store/folder.ts";
import { openLocalTenant } from "./local-tenant.ts";
import { refusedCommand } from "./refused-commands.ts";
import { askForStandIns } from "./stand-ins.ts";
import type { Terminal } from "./terminal.ts";

/** Commands that run the program. */
const WITH_PROGRAM = new Set(["preview", "pre", "up", "update", "refresh", "destroy", "down", "dn"]);
/** Commands that talk to the tenant. */
const WITH_TENANT = new Set([...WITH_PROGRAM, "import"]);

export interface PulumiCommandOptions {
  readonly root: string;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
}

/**
 * `npm run pulumi -- ARGS`: the CLI with the local stack's environment, as if the person had typed it. Where the program is
 * needed, it is served from this process, so that no language host is; where the tenant is needed and `npm start` is not
 * running, the tenant runs for as long as the command.
 * @returns the CLI's exit code.
 */
export async function runPulumi(args: readonly string[], options: PulumiCommandOptions): Promise<number> {
  const { env, terminal, root } = options;
  const project = String(readYaml(join(root, "Pulumi.yaml"))["name"]);
  const refused = refusedCommand(args, { root, project, env });
  if (refused !== undefined) throw new UserError(refused);
  const layout = layoutOf(options.folder);
  const paths = workspacePaths(layout.pulumi);
  if (!existsSync(paths.config)) {
    throw new UserError("There is no local stack yet. Make it first: npm start -- --once");
  }
  const about = openLayout(layout);
  const cli = await getCli({ env, reporter: terminal });
  const command = commandWords(args).words[0] ?? "";
  if (!WITH_TENANT.has(command)) {
    return runAttached(cli.command, args, { cwd: paths.folder, env: deploymentEnvironment(env, paths) });
  }
  const closing: (() => Promise<void> | void)[] = [];
  try {
    closing.push(await ensureTenant(layout, options));
    const tenant = { ...readEnvironment(layout), caFile: caFile(layout.tls) };
    if (about.deployer !== undefined && about.deployer !== tenant.clientId) {
      throw new UserError(
        "The tenant that runs is not the stack's: it was started with --no-engine. Stop it first, with Ctrl-C.",
      );
    }
    const config = localConfig(root, { domain: tenant.domain });
    if (WITH_PROGRAM.has(command)) await askForStandIns(tenant, config, terminal);
    prepareWorkspace(root, paths, config);
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
  const server = await serveProgram(deployerProgram(program, tenant));
  closing.push(() => server.close());
  return [`--client=${server.address}`, "--exec-kind=auto.inline"];
}

/** Starts the tenant unless a running `npm start` has it. */
async function ensureTenant(
  layout: Layout,
  { root, terminal }: PulumiCommandOptions,
): Promise<() => Promise<void>> {
  if (lockHolder(layout.lock) !== undefined) return async () => undefined;
  const lock = takeLock(layout.lock);
  if ("heldBy" in lock) return async () => undefined;
  try {
    const directory = loadDirectory(join(root, "local", "directory.json"));
    const tenant = await openLocalTenant({ layout, directory, kept: true });
    terminal.say(`The local tenant runs for this command: ${tenant.context.issuer}`);
    return async () => {
      await tenant.close();
      lock.release();
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
