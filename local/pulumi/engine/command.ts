import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import * as errors from "@pulumi/pulumi/automation/errors.js";
import type { Cli } from "../cli/probe.ts";

/** Members of the SDK's own command that its declared type does not have, and that this command provides. */
interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
  toString(): string;
}

/** What is known already, so that the CLI need not be asked. */
export interface CommandOptions {
  /** Where the CLI finds the program, in place of the SDK's own server for it. */
  readonly program?: string;
  /**
   * Whether the stack is there. PULUMI_STACK in the environment selects it, so `stack select` has nothing to
   * do but to say that.
   */
  readonly made?: boolean;
}

type Listener = (text: string) => void;

// SAFETY: the SDK exports this function and marks it internal, which keeps it out of the declarations; its
// workspace tells "no such stack" and "locked" by the classes that it makes.
const { createCommandError } = errors as unknown as { createCommandError: (result: CommandResult) => Error };

/**
 * The CLI for the Automation API, in a separate process group. On a terminal Ctrl-C reaches the whole
 * foreground group. The CLI would count that and the SDK's signal as two, which means "stop at once". In its
 * own group it gets only one.
 * @param env Everything that the CLI gets; nothing is added from this process.
 */
export function createCommand(
  cli: Cli,
  env: NodeJS.ProcessEnv,
  { program, made }: CommandOptions = {},
): PulumiCommand {
  const run = async (
    args: string[],
    cwd: string,
    extra: Record<string, string>,
    onOutput?: Listener,
    onError?: Listener,
    signal?: AbortSignal,
  ): Promise<CommandResult> => {
    if (made !== undefined && args[0] === "stack" && args[1] === "select") {
      if (made) return commandResult("", "", 0);
      throw createCommandError(commandResult("", "error: no stack named 'local' found", 255));
    }
    const placed = args.map((arg) =>
      program !== undefined && arg.startsWith("--client=") ? `--client=${program}` : arg,
    );
    const nonInteractive = placed.includes("--non-interactive") ? placed : [...placed, "--non-interactive"];
    // `lib/run-child.ts` is not used, because it kills. A killed update loses track of what it has made, so
    // this one is asked to stop and waited for.
    const child = spawn(cli.command, nonInteractive, {
      cwd,
      env: { ...env, ...extra, PULUMI_AUTOMATION_API: "true" },
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
    });
    return finish(child, onOutput, onError, signal);
  };
  // SAFETY: a workspace uses these three members of a command. It compares the version by semver, which takes
  // strings.
  return { command: cli.command, version: cli.version, run } as unknown as PulumiCommand;
}

function finish(
  child: ChildProcess,
  onOutput?: Listener,
  onError?: Listener,
  signal?: AbortSignal,
): Promise<CommandResult> {
  const interrupt = () => child.kill("SIGINT");
  const atExit = () => child.kill("SIGINT");
  process.once("exit", atExit);
  if (signal?.aborted === true) interrupt();
  else signal?.addEventListener("abort", interrupt, { once: true });
  const stdout = collect(child.stdout, onOutput);
  const stderr = collect(child.stderr, onError);
  return new Promise<CommandResult>((resolve, reject) => {
    const end = (code: number, message = "") => {
      const result = commandResult(stdout(), message === "" ? stderr() : message, code);
      if (code === 0) resolve(result);
      else reject(createCommandError(result));
    };
    child.once("error", (error) => end(-2, error.message));
    child.once("close", (code) => end(code ?? -1));
  }).finally(() => {
    process.removeListener("exit", atExit);
    signal?.removeEventListener("abort", interrupt);
  });
}

function collect(stream: NodeJS.ReadableStream | null, listener?: Listener): () => string {
  let text = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (chunk: string) => {
    text += chunk;
    listener?.(chunk);
  });
  return () => text;
}

function commandResult(stdout: string, stderr: string, code: number): CommandResult {
  // As execa does: the workspace parses what commands print, without the last line's end.
  const trimmed = stdout.replace(/\r?\n$/, "");
  return {
    stdout: trimmed,
    stderr,
    code,
    toString: () => `code: ${code}\n stdout: ${trimmed}\n stderr: ${stderr}\n`,
  };
}
