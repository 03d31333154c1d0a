import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { runEntry } from "../../packages/local-tenant/src/lib/entry.ts";
import { HELP, parseDirectoryArguments } from "./arguments.ts";
import { importDirectory } from "./import.ts";
import { refuseTracked } from "./output.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
// npm runs scripts in the project's folder; names of files are meant where npm was called.
const { npm_lifecycle_event: script, INIT_CWD: caller } = process.env;
if (script === "directory" && caller) process.chdir(caller);

const say = (text: string) => void process.stdout.write(`${text}\n`);
const complain = (text: string) => void process.stderr.write(`${text}\n`);

/** `npm run directory`: exit code 1 says that rows are wrong, so whatever keeps it from reading them is 2. */
await runEntry(
  (args) => {
    const request = parseDirectoryArguments(args);
    if (request.help) return void process.stdout.write(HELP);
    const out = resolve(request.out ?? `${ROOT}/.local/directory.json`);
    return importDirectory(
      { ...request, out },
      { env: process.env, refuseOut: refuseTracked, say, complain },
    );
  },
  { say: (message) => complain(`Error: ${message}`), failed: 2 },
);
