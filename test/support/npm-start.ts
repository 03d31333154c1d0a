import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { sampleCheckout } from "./sample.ts";

/** What `npm start` runs in a checkout of the sample company's unless another is given; flags go after it. */
export function startCommand(root = sampleCheckout()): readonly [string, ...string[]] {
  return [process.execPath, join(root, "local/launch/main.mjs"), "local/start/main.ts"];
}

/** One `npm start` as a process. */
export interface Started {
  readonly child: ChildProcess;
  /** What has come so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves as soon as the text is on one of the two. */
  waitFor(text: string): Promise<void>;
  /** The exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

/**
 * Runs what `npm start` runs, with `.local` in the given folder. The caller kills it in a `finally`.
 * @param root A copy of the project to run it in; a checkout of the sample company's unless given.
 */
export function npmStart(
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  root?: string,
): Started {
  const [command, ...script] = startCommand(root);
  const child = spawn(command, [...script, ...args], {
    env: { ...process.env, ...env, WORKFORCE_SSO_LOCAL: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = once(child, "close").then(([code]) => code as number | null);
  const waitFor = async (text: string) => {
    const deadline = Date.now() + 60_000;
    while (!`${stdout}\n${stderr}`.includes(text)) {
      if (child.exitCode !== null) throw new Error(`It ended before "${text}":\n${stdout}\n${stderr}`);
      if (Date.now() > deadline) throw new Error(`There was no "${text}" within 60 s:\n${stdout}\n${stderr}`);
      await Promise.race([ended, later(50)]);
    }
  };
  return { child, stdout: () => stdout, stderr: () => stderr, waitFor, ended };
}

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
