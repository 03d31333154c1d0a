import { runEntry } from "../../packages/local-tenant/src/lib/entry.ts";
import { HELP, parsePreflightArguments } from "./arguments.ts";
import { ROOT } from "../start/context.ts";
import { Terminal } from "../start/terminal.ts";

const terminal = new Terminal(process.stderr, process.env);
const print = (text: string) => void process.stdout.write(`${text}\n`);

/** `npm run preflight`: exit code 1 says that something was found, so whatever keeps it from asking is 2. */
await runEntry(
  async (args) => {
    const { stack, help } = parsePreflightArguments(args);
    if (help) return void process.stdout.write(HELP);
    // Only now: the Pulumi SDK takes a second to load, and a slip in the flags should not have to wait for it.
    const { runPreflight } = await import("./run.ts");
    return runPreflight({ root: ROOT, stack, env: process.env, print, say: (text) => terminal.say(text) });
  },
  { say: (message) => terminal.error(message), failed: 2 },
);
