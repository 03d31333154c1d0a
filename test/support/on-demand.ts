import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How a program ended, and all that it printed. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Where and how long a program runs. */
export interface RunOptions {
  readonly cwd: string;
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds that it may take. */
  readonly limit: number;
}

/** Runs a program to its end, or to the time limit. */
export function runProgram(command: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  const { cwd, env, limit } = options;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const add = (text: Buffer) => (output += text.toString());
    child.stdout.on("data", add);
    child.stderr.on("data", add);
    const timer = setTimeout(() => {
      output += `\nEnded after ${limit} ms.`;
      child.kill("SIGTERM");
    }, limit);
    child.once("error", (error) => (output += error.message));
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, output });
    });
  });
}

/**
 * Installs once for each content of a lock file.
 *
 * @param marker A file in what is installed, which remembers the lock file that it was installed by.
 * @returns why it could not be installed.
 */
export async function installOnce(
  lock: string,
  marker: string,
  install: () => Promise<Ended>,
): Promise<string | undefined> {
  const hash = createHash("sha256").update(readFileSync(lock)).digest("hex");
  if (existsSync(marker) && readFileSync(marker, "utf8") === hash) return undefined;
  console.log(`Installing ${lock} ...`);
  const { code, output } = await install();
  if (code !== 0) return output.trim();
  writeFileSync(marker, hash);
  return undefined;
}

/**
 * Installs the npm packages of a folder with a lock file of its own.
 *
 * @returns why they could not be installed.
 */
export function installPackages(folder: string): Promise<string | undefined> {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  return installOnce(join(folder, "package-lock.json"), join(folder, "node_modules/.installed"), () =>
    runProgram(npm, ["ci", "--no-audit", "--no-fund"], { cwd: folder, limit: 600_000 }),
  );
}
