import { join } from "node:path";
import { runEntry } from "../packages/local-tenant/src/lib/entry.ts";
import { runPulumi } from "./start/pulumi-command.ts";
import { ROOT } from "./start/run.ts";
import { Terminal } from "./start/terminal.ts";

const { env } = process;
const terminal = new Terminal(process.stderr, env);
const folder = env["WORKFORCE_SSO_LOCAL"] ?? join(ROOT, ".local");
await runEntry((args) => runPulumi(args, { root: ROOT, folder, env, terminal }), {
  say: (message) => terminal.error(message),
});
