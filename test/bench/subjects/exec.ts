import { spawn } from "node:child_process";
import { once } from "node:events";
import { CHECKOUT, sampleDirectoryFile } from "../../support/sample.ts";
import { plainEnvironment } from "./environment.ts";
import { scriptCommand } from "./script.ts";

/** Seconds that `npm run tenant -- exec true` takes, without npm's own. */
export function execSeconds(): Promise<number> {
  return secondsOf([
    ...scriptCommand(CHECKOUT, "tenant"),
    "exec",
    "true",
    "--directory",
    sampleDirectoryFile,
  ]);
}

/** Seconds that Node.js takes to do nothing. */
export function nodeSeconds(): Promise<number> {
  return secondsOf([process.execPath, "-e", "0"]);
}

async function secondsOf([program = "", ...args]: readonly string[]): Promise<number> {
  const started = performance.now();
  const child = spawn(program, args, { cwd: CHECKOUT, env: plainEnvironment(), stdio: "ignore" });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}.`);
  return (performance.now() - started) / 1000;
}
