import { join } from "node:path";
import { faultText } from "./start/fault.ts";
import { runPulumi } from "./start/pulumi-command.ts";
import { ROOT } from "./start/run.ts";
import { Terminal } from "./start/terminal.ts";

const terminal = new Terminal(process.stderr, process.env);
let code = 1;
try {
  const folder = process.env["WORKFORCE_SSO_LOCAL"] ?? join(ROOT, ".local");
  code = await runPulumi(process.argv.slice(2), { root: ROOT, folder, env: process.env, terminal });
} catch (error) {
  terminal.say(`Error: ${faultText(error)}`);
}
process.exit(code);
