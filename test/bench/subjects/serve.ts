import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { Target } from "../client/sign-in.ts";
import { plainEnvironment } from "./environment.ts";
import { usageOf } from "./processes.ts";
import type { Served } from "./subject.ts";

export interface ServeOptions {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly port: number;
  /** Given what the process has printed so far. */
  target(printed: () => string): Promise<Target>;
  /** Runs after the process has ended. */
  clean?(): void;
}

const PATIENCE_MS = 60_000;

/** Starts a server and asks for its discovery document until it answers. */
export async function serve(options: ServeOptions): Promise<Served> {
  const [program = "", ...args] = options.command;
  const started = performance.now();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env ?? plainEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  let printed = "";
  const print = (chunk: string): void => void (printed = (printed + chunk).slice(-20_000));
  child.stdout.setEncoding("utf8").on("data", print);
  child.stderr.setEncoding("utf8").on("data", print);
  const close = async (): Promise<void> => {
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(late);
    options.clean?.();
  };
  try {
    while (!(await answers(options.port))) {
      const gone = child.exitCode !== null || child.signalCode !== null;
      if (gone || performance.now() - started > PATIENCE_MS) {
        throw new Error(`${options.command.join(" ")} did not start: ${printed.trim()}`);
      }
      await sleep(1);
    }
    const startMilliseconds = performance.now() - started;
    return {
      startMilliseconds,
      target: () => options.target(() => printed),
      usage: () => usageOf(child.pid ?? 0),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Whether discovery is there. Nobody's certificate is checked yet: that of a new tenant is not known. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(
      {
        host: "127.0.0.1",
        port,
        path: "/.well-known/openid-configuration",
        headers: { host: `localhost:${port}` },
        servername: "localhost",
        agent: false,
        rejectUnauthorized: false,
        // A server may listen before it answers, and lose what it is asked until then.
        timeout: 500,
      },
      (response) => {
        response.resume();
        response.once("end", () => resolve(response.statusCode === 200));
        response.once("error", () => resolve(false));
      },
    );
    asked.once("timeout", () => asked.destroy());
    asked.once("error", () => resolve(false));
    asked.end();
  });
}
