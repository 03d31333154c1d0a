import * as pulumi from "@pulumi/pulumi";
import type { EngineEvent, PulumiFn } from "@pulumi/pulumi/automation/index.js";
import program from "../../index.ts";
import { NoCliError, getCli } from "../pulumi/cli/ladder.ts";
import type { Cli } from "../pulumi/cli/probe.ts";
import { deployInProcess } from "../pulumi/in-process.ts";
import { openEngine } from "../pulumi/engine/engine.ts";
import { clearLocks } from "../pulumi/engine/locks.ts";
import { workspacePaths } from "../pulumi/engine/paths.ts";
import { choosePlugin } from "../pulumi/engine/plugin.ts";
import type { Plugin } from "../pulumi/engine/plugin.ts";
import type { About, Tenant } from "../../packages/local-tenant/src/index.ts";
import { caFile } from "../../packages/local-tenant/src/lib/tls.ts";
import type { Deployer } from "../pulumi/engine/deployer-program.ts";
import { programConfig, stackValues } from "./checked-stack.ts";
import { ROOT } from "./context.ts";
import type { StartContext } from "./context.ts";
import { deployError } from "./deploy-error.ts";
import { UpdateProgress } from "./progress.ts";
import { makeStandIns } from "./stand-ins.ts";

/** How a program got onto the tenant. */
export interface Deployment {
  /** Such as `pulumi 3.259.0`, or `none`. */
  readonly engine: string;
  /** Such as `auth0 3.49.0`, `stand-in`, or `none`. */
  readonly plugin: string;
  /** Number of resources by what happened to them: `create`, `same`, `update`, ... */
  readonly changes: Readonly<Record<string, number>>;
  /** The stack's outputs in clear. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface EngineChoice {
  readonly cli: Cli;
  readonly plugin: Plugin;
}

/**
 * Finds or gets a CLI and a provider for it.
 * @returns `undefined` if no CLI can be found or installed, which it also says.
 */
export async function chooseEngine(
  about: About,
  { env, terminal, interrupts }: StartContext,
): Promise<EngineChoice | undefined> {
  const common = { env, reporter: terminal, signal: interrupts.signal };
  try {
    const hint =
      "For the same sign-in in seconds, press Ctrl-C and type: npm start -- --no-engine. What is built so far is not lost.";
    const cli = await getCli({ ...common, hint });
    terminal.say(`Pulumi ${cli.version} (${cli.from}): ${cli.command}`);
    const plugin = await choosePlugin({ cli, download: about.provider !== "stand-in", ...common });
    terminal.say(
      plugin.kind === "plugin"
        ? `Provider auth0 ${plugin.version} (${plugin.from})`
        : `Provider: the project's stand-in for auth0, because ${plugin.why}.`,
    );
    return { cli, plugin };
  } catch (error) {
    if (!(error instanceof NoCliError)) throw error;
    terminal.say(`${error.message} Continuing without an engine.`);
    return undefined;
  }
}

/**
 * Runs `up` of the local stack on the tenant. The state is kept, so the next `up` changes only what differs.
 * @throws {UserError} one line, after the engine's own lines, if it fails.
 */
export async function deployWithEngine(
  choice: EngineChoice,
  tenant: Tenant,
  about: About,
  context: StartContext,
): Promise<Deployment> {
  const { folder, terminal, interrupts } = context;
  const stale = await clearLocks(workspacePaths(folder.pulumiFolder), interrupts.signal);
  if (stale > 0) terminal.say("An earlier deployment was killed; its lock on the stack was removed.");
  const progress = new UpdateProgress();
  const streams = {
    onEvent: (event: EngineEvent) => progress.observe(event),
    onOutput: (text: string) => terminal.raw(text),
    onError: (text: string) => terminal.raw(text),
    signal: interrupts.signal,
    color: terminal.colours ? ("always" as const) : ("never" as const),
  };
  const watched = watch(program);
  let updating = false;
  try {
    const config = stackValues(tenant.domain, context);
    const deployer = deployerOf(tenant, context);
    await makeStandIns(deployer, config, terminal);
    const engine = await openEngine({
      ...choice,
      root: ROOT,
      folder: folder.pulumiFolder,
      program: watched.program,
      config,
      tenant: deployer,
      env: context.env,
    });
    try {
      if (about.provider !== undefined && about.provider !== choice.plugin.kind) {
        const { changeSummary } = await engine.stack.preview({ signal: interrupts.signal });
        refuseReplacements(changeSummary, about.provider, context);
      }
      if (about.domain !== tenant.domain) {
        // What the stack's state says of the tenant's address is true no more: the program would replace what
        // the tenant itself has taken along.
        terminal.say(`The tenant is at ${tenant.domain} now: reading what it has there.`);
        await engine.stack.refresh({ signal: interrupts.signal, runProgram: true });
      }
      updating = true;
      await engine.stack.up(streams);
      updating = false;
      return {
        engine: `pulumi ${choice.cli.version}`,
        plugin: choice.plugin.kind === "plugin" ? `auth0 ${choice.plugin.version}` : "stand-in",
        changes: progress.changes,
        outputs: await watched.outputs(),
      };
    } finally {
      engine.close();
    }
  } catch (error) {
    if (updating && interrupts.signal.aborted) terminal.say(progress.stopped);
    interrupts.signal.throwIfAborted();
    throw deployError(error, watched.thrown());
  }
}

/** Runs the program without a CLI, on a tenant that has none of its resources yet. */
export async function deployWithoutEngine(tenant: Tenant, context: StartContext): Promise<Deployment> {
  const { interrupts, terminal } = context;
  const values = stackValues(tenant.domain, context);
  const { config, secretKeys } = programConfig(values);
  const deployer = deployerOf(tenant, context);
  await makeStandIns(deployer, values, terminal);
  try {
    const { outputs, changes } = await interrupts.race(
      deployInProcess({ program, config, secretKeys, tenant: deployer }),
    );
    return { engine: "none", plugin: "none", changes: { ...changes }, outputs };
  } catch (error) {
    interrupts.signal.throwIfAborted();
    throw deployError(error, error);
  }
}

interface WatchedProgram {
  readonly program: PulumiFn;
  /** What it has thrown, because the engine reports that only in its output. */
  thrown(): unknown;
  /** The outputs that it has returned in an update, in clear. */
  outputs(): Promise<Readonly<Record<string, unknown>>>;
}

function watch(run: PulumiFn): WatchedProgram {
  let thrown: unknown;
  let returned: Record<string, unknown> = {};
  const watched: PulumiFn = async () => {
    try {
      returned = (await run()) ?? {};
      return returned;
    } catch (error) {
      thrown = error;
      throw error;
    }
  };
  return {
    program: watched,
    thrown: () => thrown,
    outputs: () => new Promise((resolve) => pulumi.output(returned).apply(resolve)),
  };
}

/**
 * Refuses a deployment that would replace or delete resources only because another provider made the state.
 */
function refuseReplacements(
  changes: Readonly<Record<string, number>>,
  before: NonNullable<About["provider"]>,
  { folder }: StartContext,
): void {
  const lost = Object.entries(changes).filter(([operation]) => /replace|delete/.test(operation));
  if (lost.length === 0) return;
  const counts = lost.map(([operation, count]) => `${operation} ${count}`).join(", ");
  throw folder.refusal(
    `was deployed by the ${before}, and today's provider would replace or delete resources of it (${counts})`,
  );
}

function deployerOf({ domain, deployer, ca }: Tenant, { folder }: StartContext): Deployer {
  return { domain, ...deployer, ca, caFile: caFile(folder.tlsFolder) };
}
