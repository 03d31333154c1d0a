import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

export interface AttachedOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/**
 * Runs a command with this process's standard input and output, hands on the signals that this process gets,
 * and waits for its end.
 * @param args `undefined`: the command is a line for a shell.
 * @returns the command's exit code, or 128 and the number of the signal that ended it, as shells have it.
 */
export function runAttached(
  command: string,
  args: readonly string[] | undefined,
  options: AttachedOptions,
): Promise<number> {
  // A shell does not hand signals on to what it runs, so the command gets a process group of its own and
  // signals go to all of it. At a terminal it must stay in ours: only that may read from the terminal, and
  // Ctrl-C reaches all of it anyway.
  const ownGroup = process.platform !== "win32" && !process.stdin.isTTY;
  const child = spawn(command, args ?? [], {
    ...options,
    shell: args === undefined,
    stdio: "inherit",
    detached: ownGroup,
  });
  const handlers = SIGNALS.map((signal) => [signal, () => passOn(child, signal, ownGroup)] as const);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  }).finally(() => {
    for (const [signal, handler] of handlers) process.removeListener(signal, handler);
  });
}

function passOn(child: ChildProcess, signal: (typeof SIGNALS)[number], ownGroup: boolean): void {
  if (!ownGroup && (signal === "SIGINT" || signal === "SIGQUIT")) return;
  try {
    if (ownGroup && child.pid !== undefined) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // The command has ended in the meantime.
  }
}
