import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { createRunFolder, tenantEnvironment } from "./environment.ts";
import { openTenant } from "./open.ts";
import type { ToolOptions } from "./options.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

/**
 * Runs a shell command against a fresh tenant in memory.
 * @returns the command's exit code, or 128 and the number of the signal that ended it, as shells have it.
 */
export async function exec(options: ToolOptions): Promise<number> {
  const open = await openTenant(options);
  const folder = createRunFolder(open.tenant.ca);
  try {
    return await run(options.argument, tenantEnvironment(open.tenant, folder.caFile));
  } finally {
    folder.remove();
    await open.close();
  }
}

function run(command: string, variables: Readonly<Record<string, string>>): Promise<number> {
  // A shell does not hand signals on to what it runs, so the command gets a process group of its own and signals go to all of
  // it. At a terminal it must stay in ours: only that may read from the terminal, and Ctrl-C reaches all of it anyway.
  const ownGroup = process.platform !== "win32" && !process.stdin.isTTY;
  const child = spawn(command, {
    shell: true,
    stdio: "inherit",
    detached: ownGroup,
    env: { ...process.env, ...variables },
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
