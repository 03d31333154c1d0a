import { runEntry } from "../../packages/local-tenant/src/lib/entry.ts";
import { HELP, parsePreflightArguments } from "./arguments.ts";
import { ROOT } from "../start/context.ts";
import { Terminal } from "../start/terminal.ts";

const terminal = new Terminal(process.stderr, process.env);
const print = (text: string) => void process.stdout.write(`${text}\n`);

/** `npm run preflight`. Exit code 1 means that something was found, so every error has exit code 2. */
await runEntry(
  async (args) => {
    const { stack, help } = parsePreflightArguments(args);
    if (help) return void process.stdout.write(HELP);
    // Loaded only now: the Pulumi SDK takes a second to load, and an error in the flags should be reported at
    // once.
    const { runPreflight } = await import("./run.ts");
    return runPreflight({ root: ROOT, stack, env: process.env, print, say: (text) => terminal.say(text) });
  },
  { say: (message) => terminal.error(message), failed: 2 },
);
