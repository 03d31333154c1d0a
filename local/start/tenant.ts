import { join } from "node:path";
import { runCommand } from "../../packages/local-tenant/src/cli/command.ts";
import { runEntry } from "../../packages/local-tenant/src/lib/entry.ts";
import { DIRECTORY_FILE, ROOT } from "./context.ts";

// npm runs scripts in the project's folder, but names of files and commands refer to the folder in which npm
// was called.
const { npm_lifecycle_event: script, INIT_CWD: caller } = process.env;
if (script === "tenant" && caller) process.chdir(caller);

/**
 * `npm run tenant -- COMMAND`: the package's command, with the company's directory and the tenant that `npm
 * start` keeps.
 */
await runEntry((args) =>
  runCommand(args, {
    name: "npm run tenant --",
    directory: DIRECTORY_FILE,
    state: join(ROOT, ".local"),
  }),
);
