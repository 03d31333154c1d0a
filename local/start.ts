import { runEntry } from "../packages/local-tenant/src/lib/entry.ts";
import { main } from "./start/main.ts";
import { Terminal } from "./start/terminal.ts";

const terminal = new Terminal(process.stderr, process.env);
await runEntry((args) => main(args, process.env, terminal), { say: (message) => terminal.error(message) });
