import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The stand-in provider as a running process. */
export interface StandInProvider {
  readonly port: number;
  /** What the engine has to have in its environment to use it: `PULUMI_DEBUG_PROVIDERS`. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const DEADLINE = 30_000;

/**
 * Starts the stand-in provider and waits until it listens. It ends with `close`, and when this process ends
 * in any way.
 * @param environment what the provider is to see: AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET,
 * SSL_CERT_FILE.
 * @throws {Error} when it ends before it listens, or does not listen within 30 s.
 */
export async function startStandIn(environment: NodeJS.ProcessEnv = process.env): Promise<StandInProvider> {
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", main, "--with-stdin"], {
    cwd: root,
    env: environment,
    stdio: ["pipe", "pipe", "pipe"],
  });
  let complaint = "";
  child.stderr
    .setEncoding("utf8")
    .on("data", (text: string) => (complaint = (complaint + text).slice(-2000)));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const close = async (): Promise<void> => {
    child.stdin.destroy();
    child.kill();
    await ended;
  };
  try {
    const port = await new Promise<number>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("it does not listen within 30 s")), DEADLINE);
      child.once("error", reject);
      void ended.then(() => reject(new Error(complaint.trim() || "it ended at once")));
      createInterface({ input: child.stdout }).once("line", (line) => {
        clearTimeout(timer);
        resolve(Number(line));
      });
    });
    return { port, environment: { PULUMI_DEBUG_PROVIDERS: `auth0:${port}` }, close };
  } catch (error) {
    await close();
    throw new Error(
      `The stand-in provider could not be started: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
