import { spawn } from "node:child_process";
import { once } from "node:events";
import { sampleCheckout } from "../../support/sample.ts";
import { plainEnvironment } from "../subjects/environment.ts";
import { scriptCommand } from "../subjects/script.ts";

/** Seconds of `npm start -- --once`, without npm's own; what it keeps is in `folder`. */
export async function startSeconds(folder: string): Promise<number> {
  const root = sampleCheckout();
  const [program = "", ...args] = scriptCommand(root, "start");
  const started = performance.now();
  const child = spawn(program, [...args, "--once"], {
    cwd: root,
    env: { ...plainEnvironment(), WORKFORCE_SSO_LOCAL: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
  }
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`npm start -- --once ended with ${code}: ${printed}`);
  return (performance.now() - started) / 1000;
}
