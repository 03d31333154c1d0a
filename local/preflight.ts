import { fileURLToPath } from "node:url";
import { HELP, parsePreflightArguments } from "./preflight/arguments.ts";
import { faultText } from "./start/fault.ts";

const say = (text: string) => void process.stderr.write(`${text}\n`);
let code = 2;
try {
  const { stack, help } = parsePreflightArguments(process.argv.slice(2));
  if (help) {
    process.stdout.write(HELP);
    code = 0;
  } else {
    // Only now: the Pulumi SDK takes a second to load, and a slip in the flags should not have to wait for it.
    const { runPreflight } = await import("./preflight/main.ts");
    const root = fileURLToPath(new URL("../", import.meta.url));
    const print = (text: string) => void process.stdout.write(`${text}\n`);
    code = await runPreflight({ root, stack, env: process.env, print, say });
  }
} catch (error) {
  say(`Error: ${faultText(error)}`);
}
// What was written to a pipe has to be on its way first; then at once: the SDK may hold the process open.
await new Promise((resolve) => process.stdout.write("", resolve));
process.exit(code);
