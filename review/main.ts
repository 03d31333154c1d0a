import { fileURLToPath } from "node:url";
import { runEntry } from "../packages/local-tenant/src/lib/entry.ts";
import { HELP, parseReviewArguments } from "./arguments.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** `npm run claims`: exit code 1 says that something was found, so whatever keeps it from being made is 2. */
await runEntry(
  async (args) => {
    const asked = parseReviewArguments(args);
    if (asked.help) return void process.stdout.write(HELP);
    // Only now: a slip in the flags should not have to wait for the modules.
    const { runCommand } = await import("./run.ts");
    return runCommand(ROOT, asked);
  },
  { say: (message) => void process.stderr.write(`Error: ${message}\n`), failed: 2 },
);
