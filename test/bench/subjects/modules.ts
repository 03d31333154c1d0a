import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CHECKOUT, sampleDirectoryFile } from "../../support/sample.ts";
import { freePort } from "../../../packages/local-tenant/test/support/free-port.ts";
import { scriptCommand } from "./script.ts";
import { serve } from "./serve.ts";

/** Files of code that a process has loaded. */
export interface Loaded {
  readonly files: number;
  readonly bytes: number;
}

/** What `exec true` loads. */
export function loadedByExec(): Promise<Loaded> {
  return loadedBy(async (env) => {
    const [program = "", ...args] = scriptCommand(CHECKOUT, "tenant");
    const flags = ["exec", "true", "--directory", sampleDirectoryFile];
    const child = spawn(program, [...args, ...flags], { cwd: CHECKOUT, env, stdio: "ignore" });
    const [code] = (await once(child, "close")) as [number | null];
    if (code !== 0) throw new Error(`exec true ended with ${code}.`);
  });
}

/** What a tenant in memory has loaded when discovery has answered. */
export function loadedByStart(): Promise<Loaded> {
  return loadedBy(async (env) => {
    const port = await freePort();
    const flags = ["start", "--in-memory", "--port", String(port), "--directory", sampleDirectoryFile];
    const command = [...scriptCommand(CHECKOUT, "tenant"), ...flags];
    const nothing = () => Promise.reject(new Error("Nobody signs in."));
    const served = await serve({ command, cwd: CHECKOUT, env, port, target: nothing });
    await served.close();
  });
}

/**
 * The files of JavaScript and TypeScript that a process has loaded, as V8 lists them at its end. Of a process
 * with children, or with threads, the one that has loaded most counts.
 */
async function loadedBy(run: (env: NodeJS.ProcessEnv) => Promise<void>): Promise<Loaded> {
  const folder = mkdtempSync(join(tmpdir(), "workforce-sso-modules-"));
  try {
    await run({ ...process.env, NODE_V8_COVERAGE: folder });
    const lists = readdirSync(folder).map((name) => {
      // SAFETY: what V8 writes about coverage; only the addresses of the scripts are used.
      const { result } = JSON.parse(readFileSync(join(folder, name), "utf8")) as {
        result: { url: string }[];
      };
      return [...new Set(result.map(({ url }) => url).filter((url) => url.startsWith("file:")))];
    });
    return lists.map(sizeOf).toSorted((one, other) => other.bytes - one.bytes)[0] ?? { files: 0, bytes: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sizeOf(addresses: readonly string[]): Loaded {
  const files = addresses.map((address) => fileURLToPath(address.replace(/\?.*$/, "")));
  return { files: files.length, bytes: files.reduce((sum, file) => sum + statSync(file).size, 0) };
}
