import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { StringDecoder } from "node:string_decoder";

export interface ChildOptions {
  readonly cwd?: string;
  /** The command is a script of the system's shell, as npm is on Windows. */
  readonly shell?: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** Ends the child and all that it has started. */
  readonly signal?: AbortSignal;
  /** Milliseconds after which the child and all that it has started are ended. */
  readonly deadline?: number;
  /** Gets each line of standard error as it comes. */
  readonly onErrorLine?: (line: string) => void;
}

/** How a child process has ended. */
export interface ChildResult {
  /** The exit code, or what happened to the program in place of an exit, such as `was ended by SIGKILL`. */
  readonly end: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

const WINDOWS = process.platform === "win32";

/**
 * Runs a program to its end. It gets a process group of its own, so that Ctrl-C on the terminal reaches only
 * this process, which then ends the whole group. The end of this process ends the group too.
 * @throws the signal's reason, once the child is gone, when the signal was raised.
 */
export async function runChild(
  command: string,
  args: readonly string[],
  options: ChildOptions,
): Promise<ChildResult> {
  options.signal?.throwIfAborted();
  const child = spawn(command, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: options.env,
    shell: options.shell === true,
    stdio: ["ignore", "pipe", "pipe"],
    detached: !WINDOWS,
    windowsHide: true,
  });
  let late = false;
  const stop = () => killGroup(child);
  const timer =
    options.deadline === undefined
      ? undefined
      : setTimeout(() => {
          late = true;
          stop();
        }, options.deadline);
  options.signal?.addEventListener("abort", stop, { once: true });
  process.once("exit", stop);
  try {
    const result = await ending(child, options.onErrorLine);
    options.signal?.throwIfAborted();
    return late ? { ...result, end: `did not end within ${(options.deadline ?? 0) / 1000} s` } : result;
  } finally {
    clearTimeout(timer);
    process.removeListener("exit", stop);
    options.signal?.removeEventListener("abort", stop);
  }
}

/** Ends a child that was started `detached`, and everything that it has started in its turn. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (WINDOWS) child.kill();
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

function ending(child: ChildProcess, onErrorLine?: (line: string) => void): Promise<ChildResult> {
  let stdout = "";
  let stderr = "";
  let rest = "";
  const out = new StringDecoder("utf8");
  const err = new StringDecoder("utf8");
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += out.write(chunk);
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    const text = err.write(chunk);
    stderr += text;
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? "";
    if (onErrorLine !== undefined) for (const line of lines) onErrorLine(line);
  });
  return new Promise((resolve) => {
    child.once("error", (error) =>
      resolve({ end: `could not be started: ${error.message}`, stdout, stderr }),
    );
    child.once("close", (code, signal) =>
      resolve({ end: code ?? `was ended by ${signal ?? "a signal"}`, stdout, stderr }),
    );
  });
}
