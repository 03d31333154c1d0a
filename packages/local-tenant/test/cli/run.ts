import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running tool. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves with all that it has printed as soon as that matches; rejects when it ends before. */
  printed(pattern: RegExp): Promise<string>;
}

/** Starts the tool from its sources as people do. It is killed when it lives longer than any test may. */
export function startTool(
  args: readonly string[],
  cwd = ROOT,
  variables: Readonly<Record<string, string>> = {},
): Running {
  const child = spawn(process.execPath, [`${ROOT}local/launch/main.mjs`, "local/start/tenant.ts", ...args], {
    cwd,
    env: { ...process.env, npm_lifecycle_event: "test", ...variables },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
    killSignal: "SIGKILL",
  });
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
  const printed = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => pattern.test(stdout) && resolve(stdout);
      listeners.add(look);
      look();
      void ended.then(() =>
        reject(new Error(`The tool ended without printing ${pattern}: ${stdout}${stderr}`)),
      );
    });
  return { child, ended, printed };
}

/** Runs the tool to its end. */
export function runTool(...args: string[]): Promise<Ended> {
  return startTool(args).ended;
}
