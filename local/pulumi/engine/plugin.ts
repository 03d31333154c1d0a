import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { runChild } from "../../../packages/local-tenant/src/lib/run-child.ts";
import { downloadFailure, withDownloadEnvironment } from "../cli/download.ts";
import { failure } from "../cli/probe.ts";
import type { Cli } from "../cli/probe.ts";
import type { Reporter } from "../cli/reporter.ts";
import { unlessSilent } from "../cli/silence.ts";
import { executableName, findOnPath, isExecutable } from "../cli/search-path.ts";

const FILE = "pulumi-resource-auth0";
const DEADLINE = 10 * 60_000;
/** Where the CLI gets plugins from. The first host that has a plugin is used. */
const HOSTS = ["https://get.pulumi.com/", "https://api.github.com/"] as const;

/** Which provider deploys the stack: the auth0 plugin, or the project's stand-in for it. */
export type Plugin =
  | {
      readonly kind: "plugin";
      readonly version: string;
      readonly from: "PATH" | "plugin folder" | "installed";
    }
  | { readonly kind: "stand-in"; readonly why: string };

export interface PluginOptions {
  readonly cli: Cli;
  readonly env: NodeJS.ProcessEnv;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal;
  /** Whether it may be downloaded. */
  readonly download: boolean;
  /**
   * Milliseconds after which a download is asked whether the network answers at all; {@link unlessSilent}
   * says how long by itself.
   */
  readonly patience?: number;
  /** `process.platform`, unless a test gives another one. */
  readonly platform?: string;
}

/** The version of the plugin that belongs to the provider's SDK. */
export function pluginVersion(): string {
  const file = createRequire(import.meta.url).resolve("@pulumi/auth0/package.json");
  // SAFETY: every package file has a version.
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/**
 * Chooses the provider: the plugin of the SDK's version on PATH, in the plugin folder, or installed by the
 * CLI; else the stand-in. On other systems than Linux it is always the stand-in, because only on Linux does
 * Go read the local tenant's authority from the environment.
 */
export async function choosePlugin(options: PluginOptions): Promise<Plugin> {
  const { env, reporter, platform = process.platform } = options;
  if (platform !== "linux") {
    return {
      kind: "stand-in",
      why: `the auth0 plugin cannot be told to trust the local tenant's certificate on ${platform}`,
    };
  }
  const version = pluginVersion();
  const onPath = await fromPath(version, options);
  if (onPath === true) return { kind: "plugin", version, from: "PATH" };
  if (isExecutable(join(pluginFolder(env, version), executableName(FILE)))) {
    return { kind: "plugin", version, from: "plugin folder" };
  }
  if (!options.download)
    return { kind: "stand-in", why: `the stack has it already, and ${onPath} or in the plugin folder` };
  const progress = reporter.progress(`Installing the auth0 plugin ${version}`);
  const failed = await install(version, options).finally(() => progress.done());
  if (failed === undefined) return { kind: "plugin", version, from: "installed" };
  return {
    kind: "stand-in",
    why: `${onPath}, none is in the plugin folder, and its download failed: ${failed}`,
  };
}

/** What the engine needs in its environment to use the chosen plugin and no other. */
export function pluginVariables(plugin: Plugin): Record<string, string> {
  return plugin.kind === "plugin" && plugin.from !== "PATH" ? { PULUMI_IGNORE_AMBIENT_PLUGINS: "true" } : {};
}

/** `true`, or why the plugin on PATH cannot be used. */
async function fromPath(version: string, { env, signal }: PluginOptions): Promise<true | string> {
  const file = findOnPath(FILE, env);
  if (file === undefined) return "no auth0 plugin is on PATH";
  const result = await runChild(file, ["--version"], {
    env,
    deadline: 30_000,
    ...(signal === undefined ? {} : { signal }),
  });
  if (result.end !== 0) return `${file} is broken (${failure(result)})`;
  const found = result.stdout.trim().replace(/^v/, "");
  return found === version ? true : `${file} is version ${found || "unknown"}, and ${version} is needed`;
}

/** Where the CLI keeps a plugin (`PULUMI_HOME`, else ~/.pulumi). */
function pluginFolder(env: NodeJS.ProcessEnv, version: string): string {
  const home = env["PULUMI_HOME"] || join(env["HOME"] ?? homedir(), ".pulumi");
  return join(home, "plugins", `resource-auth0-v${version}`);
}

/** Lets the CLI download the plugin; `undefined` when it did, else why not. */
async function install(version: string, options: PluginOptions): Promise<string | undefined> {
  const { cli, env, signal, patience } = options;
  const args = ["plugin", "install", "resource", "auth0", version, "--non-interactive"];
  const watch = { hosts: HOSTS, env, ...(signal && { signal }), ...(patience !== undefined && { patience }) };
  const result = await withDownloadEnvironment(env, (all) =>
    unlessSilent(watch, (either) =>
      runChild(cli.command, args, {
        env: { ...all, PULUMI_SKIP_UPDATE_CHECK: "true" },
        deadline: DEADLINE,
        signal: either,
      }),
    ),
  );
  if ("silent" in result) return downloadFailure(result.silent, HOSTS[0], env);
  if (result.end === 0) return undefined;
  const network = /Error downloading plugin: (.*)/.exec(result.stderr)?.[1];
  return downloadFailure(network ?? failure(result).replace(/^error: /, ""), HOSTS[0], env);
}
