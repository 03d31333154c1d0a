import { getCli } from "../pulumi/cli/ladder.ts";
import { faultText } from "./fault.ts";
import { Interrupted, listenForInterrupts } from "./interrupts.ts";
import { Terminal } from "./terminal.ts";

// npm run cli: gets a Pulumi CLI the way npm start does, and prints its path.
const terminal = new Terminal(process.stderr, process.env);
const interrupts = listenForInterrupts(() => terminal.say("\nStopping."), process.env);
try {
  const cli = await getCli({ env: process.env, reporter: terminal, signal: interrupts.signal });
  terminal.say(`Pulumi ${cli.version} (${cli.from})`);
  process.stdout.write(`${cli.command}\n`);
} catch (error) {
  process.exitCode = error instanceof Interrupted ? 130 : 1;
  if (!(error instanceof Interrupted)) terminal.say(`Error: ${faultText(error)}`);
} finally {
  interrupts.stopListening();
}
