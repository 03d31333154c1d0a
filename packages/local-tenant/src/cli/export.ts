import { existsSync } from "node:fs";
import { UserError } from "../lib/errors.ts";
import { Store } from "../store/state.ts";
import { readConfiguration } from "./configuration.ts";
import { writeExport } from "./export-files.ts";
import type { ToolOptions } from "./options.ts";
import { print } from "./print.ts";
import { LEFT_OUT, secretName, secretsOf, setSecret } from "./secrets.ts";
import { stateFolder } from "./state-folder.ts";

/**
 * Writes the tenant's configuration into a folder. Every answered change is in the state's files, and
 * reading them changes nothing, so that a running tenant need not be asked or stopped.
 */
export function exportConfiguration(options: ToolOptions, say = print): number {
  const { stateFile } = stateFolder(options.state);
  if (!existsSync(stateFile)) {
    throw new UserError(
      `There is no tenant in ${stateFile}. Name its folder with --state, or start it once.`,
    );
  }
  const configuration = readConfiguration(new Store(stateFile));
  const secrets: Record<string, string> = {};
  for (const [table, rows] of configuration.resources) {
    for (const row of rows) {
      for (const { path, value } of secretsOf(table, row)) {
        secrets[secretName(table, row, path)] = value;
        setSecret(table, row, path, LEFT_OUT);
      }
    }
  }
  writeExport(options.argument, configuration, options.withSecrets ? secrets : undefined);
  const count = [...configuration.resources.values()].reduce((sum, rows) => sum + rows.length, 0);
  const number = Object.keys(secrets).length;
  const what = options.withSecrets
    ? `${number} secrets are in clear in secrets.json: keep that file out of version control.`
    : `${number} secrets were left out; --with-secrets writes them too.`;
  say(`Wrote ${count} resources to ${options.argument}. ${what}\n`);
  return 0;
}
