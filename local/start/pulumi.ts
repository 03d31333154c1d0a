import { StateFolder } from "../../packages/local-tenant/src/index.ts";
import { runEntry } from "../../packages/local-tenant/src/lib/entry.ts";
import { localFolder } from "./context.ts";
import { runPulumi } from "./pulumi-command.ts";
import { Terminal } from "./terminal.ts";

const { env } = process;
const terminal = new Terminal(process.stderr, env);

/** `npm run pulumi`: the CLI on the local stack. */
await runEntry((args) => runPulumi(args, { folder: new StateFolder(localFolder(env)), env, terminal }), {
  say: (message) => terminal.error(message),
});
