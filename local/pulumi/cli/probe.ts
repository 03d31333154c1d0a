import { runChild } from "../../../packages/local-tenant/src/lib/run-child.ts";
import { CLI_VERSION, isUsable, parseVersion } from "./version.ts";

/** A Pulumi CLI that this project can use. */
export interface Cli {
  /** Absolute path of the executable. */
  readonly command: string;
  /** Such as `3.259.0`. */
  readonly version: string;
  /** Which rung of the ladder it comes from. */
  readonly from: "PATH" | "cache" | "installed" | "built";
}

/** Why one way to a CLI has not led to one: a clause that goes after a colon, without a full stop. */
export interface Miss {
  readonly reason: string;
}

/** Runs `pulumi version` of an executable and says whether it can be used. */
export async function probe(
  command: string,
  from: Cli["from"],
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<Cli | Miss> {
  const result = await runChild(command, ["version"], {
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    deadline: 30_000,
    ...(signal === undefined ? {} : { signal }),
  });
  if (result.end !== 0) return { reason: `${command} is broken (${failure(result)})` };
  const version = parseVersion(result.stdout);
  if (version === undefined) return { reason: `${command} does not say which version it is` };
  if (!isUsable(version))
    return { reason: `${command} is version ${version}, and ${CLI_VERSION} or a later 3.x is needed` };
  return { command, version, from };
}

/** The end of a child in a few words: its last line of complaint, or its exit code. */
export function failure(result: { end: number | string; stdout: string; stderr: string }): string {
  if (typeof result.end === "string") return result.end;
  const lines = `${result.stdout}\n${result.stderr}`.split(/\r?\n/).filter((line) => line.trim() !== "");
  const last = lines.at(-1)?.trim() ?? "";
  return last === "" ? `exit code ${result.end}` : last.slice(0, 300);
}
