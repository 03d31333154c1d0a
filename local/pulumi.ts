import { StateFolder } from "../packages/local-tenant/src/index.ts";
import { runEntry } from "../packages/local-tenant/src/lib/entry.ts";
import { localFolder } from "./start/context.ts";
import { runPulumi } from "./start/pulumi-command.ts";
import { Terminal } from "./start/terminal.ts";

const { env } = process;
const terminal = new Terminal(process.stderr, env);
await runEntry((args) => runPulumi(args, { folder: new StateFolder(localFolder(env)), env, terminal }), {
  say: (message) => terminal.error(message),
});
