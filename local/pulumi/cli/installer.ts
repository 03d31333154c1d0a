// A child process of its own: installs the SDK's version of the CLI into the folder that is its argument.
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { proxiedFetch } from "./proxied-fetch.ts";

const root = process.argv[2] ?? "";
globalThis.fetch = proxiedFetch(process.env, globalThis.fetch);
try {
  await PulumiCommand.install({ root });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
