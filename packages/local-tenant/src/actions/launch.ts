import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ActionNode } from "./node.ts";

/** How to start the process of an instance. */
export interface LaunchPlan {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly memoryMb: number;
}

export interface LaunchOptions {
  readonly node: ActionNode;
  /** Folders that the Action's packages are read from. */
  readonly readable: readonly string[];
  readonly memoryMb: number;
}

/** Hard limit of CPU seconds: it ends an endless loop when the tenant was killed and so cannot end it. */
const CPU_SECONDS = 180;

const CHILD = fileURLToPath(new URL("./child/", import.meta.url));

/**
 * Node's permission model denies files, processes, threads and native code. What it leaves open is closed in
 * two further ways: by the operating system's limits, set by a shell that becomes the process (memory outside
 * of the JavaScript heap, CPU time, file size, core files), and by `child/seal.cjs`.
 */
export function planLaunch({ node, readable, memoryMb }: LaunchOptions): LaunchPlan {
  const child = realpathSync(CHILD);
  const folders = [child.replace(/[\\/]$/, ""), ...readable];
  const nodeArgs = [
    ...node.permissionFlags,
    ...folders.map((folder) => `--allow-fs-read=${folder}${process.platform === "win32" ? "\\" : "/"}*`),
    "--no-warnings",
    // `import()` in an Action's source is answered by a callback, which needs this flag.
    "--experimental-vm-modules",
    `--max-old-space-size=${memoryMb}`,
    // A third less memory for each process, at no cost that could be measured.
    "--max-semi-space-size=1",
    "--v8-pool-size=1",
    `${child}${child.endsWith("/") || child.endsWith("\\") ? "" : "/"}main.cjs`,
  ];
  const env = { TZ: "UTC" };
  if (process.platform === "win32") return { command: node.path, args: nodeArgs, cwd: "C:\\", env, memoryMb };
  const limits = [`-d ${(memoryMb * 2 + 768) * 1024}`, `-t ${CPU_SECONDS}`, "-f 0", "-c 0"];
  // A limit that the system does not know is left out instead of ending the process.
  const script = `${limits.map((limit) => `ulimit ${limit} 2>/dev/null;`).join(" ")} exec "$0" "$@"`;
  return { command: "/bin/sh", args: ["-c", script, node.path, ...nodeArgs], cwd: "/", env, memoryMb };
}
