import { runEntry } from "../../packages/local-tenant/src/lib/entry.ts";
import { UsageError } from "../../packages/local-tenant/src/lib/errors.ts";
import { getCli } from "../pulumi/cli/ladder.ts";
import { listenForInterrupts } from "./interrupts.ts";
import { Terminal } from "./terminal.ts";

const terminal = new Terminal(process.stderr, process.env);

/** `npm run cli`: gets a Pulumi CLI the way npm start does, and prints its path. */
await runEntry(
  async ([word]) => {
    if (word !== undefined) throw new UsageError(`npm run cli takes no arguments, and got "${word}".`);
    const interrupts = listenForInterrupts(() => terminal.say("\nStopping."), process.env);
    try {
      const cli = await getCli({ env: process.env, reporter: terminal, signal: interrupts.signal });
      terminal.say(`Pulumi ${cli.version} (${cli.from})`);
      process.stdout.write(`${cli.command}\n`);
    } finally {
      interrupts.stopListening();
    }
  },
  { say: (message) => terminal.error(message) },
);
