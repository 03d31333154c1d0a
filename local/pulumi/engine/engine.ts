import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import type { PulumiFn, Stack } from "@pulumi/pulumi/automation/index.js";
import type { Cli } from "../cli/probe.ts";
import { createCommand } from "./command.ts";
import type { ConfigValues } from "./config.ts";
import { deployerProgram } from "./deployer-program.ts";
import type { Deployer } from "./deployer-program.ts";
import { deploymentEnvironment } from "./environment.ts";
import { PROJECT, STACK, workspacePaths } from "./paths.ts";
import type { Plugin } from "./plugin.ts";
import { pluginVariables } from "./plugin.ts";
import { serveProgram } from "./program-server.ts";
import { startStandIn } from "../provider/start.ts";
import { prepareWorkspace } from "./workspace.ts";

export interface EngineOptions {
  readonly cli: Cli;
  readonly plugin: Plugin;
  /** The project's folder, with Pulumi.yaml. It is only read. */
  readonly root: string;
  /** The folder for everything that Pulumi keeps. */
  readonly folder: string;
  readonly program: PulumiFn;
  readonly config: ConfigValues;
  readonly tenant: Deployer;
  readonly env: NodeJS.ProcessEnv;
}

/** The local stack, ready for the Automation API. Its program is the one that it was opened with. */
export interface Engine {
  /**
   * Its operations give neither outputs nor a summary. The SDK would start the CLI three more times to ask
   * for what the program and the engine's events have said already.
   */
  readonly stack: Stack;
  /** Ends the program's server, and the stand-in provider where there is one. */
  close(): void;
}

/**
 * Opens the local stack, or makes it if there is none yet: workspace, passphrase, file backend,
 * configuration, a generated secret for the emulated Azure AD, and the provider that deploys.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const paths = workspacePaths(options.folder);
  const { missingSecrets } = prepareWorkspace(options.root, paths, options.config);
  const base = deploymentEnvironment(options.env, paths, options.tenant);
  const standIn = options.plugin.kind === "stand-in" ? await startStandIn(base) : undefined;
  const env = { ...base, ...pluginVariables(options.plugin), ...standIn?.environment };
  const program = deployerProgram(options.program, options.tenant);
  const server = await serveProgram(program.run);
  const close = () => {
    server.close();
    program.end();
    standIn?.close();
  };
  try {
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: STACK, projectName: PROJECT, program: options.program },
      {
        workDir: paths.folder,
        pulumiCommand: createCommand(options.cli, env, {
          program: server.address,
          made: existsSync(paths.stack),
        }),
        secretsProvider: "passphrase",
      },
    );
    Object.assign(stack, { outputs: () => Promise.resolve({}), info: () => Promise.resolve() });
    await makeSecrets(stack, missingSecrets);
    return { stack, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Gives each of these keys a secret of its own for an emulated directory. */
export async function makeSecrets(stack: Stack, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const secret = () => ({ value: `local-${randomBytes(24).toString("base64url")}`, secret: true });
  await stack.setAllConfig(Object.fromEntries(keys.map((key) => [key, secret()])));
}
