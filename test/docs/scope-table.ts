import { readFileSync } from "node:fs";

/** A row of the table in docs/production.md: a scope, who has it, and what a deployer can't do without it. */
export interface ScopeRow {
  readonly scope: string;
  readonly deploys: boolean;
  readonly previews: boolean;
  readonly refreshes: boolean;
  readonly without: string;
}

const page = readFileSync(new URL("../../docs/production.md", import.meta.url), "utf8");

export const scopeRows: readonly ScopeRow[] = [
  ...page.matchAll(/^\| `(\w+:\w+)` +\|(.*)\|(.*)\|(.*)\|(.*)\|$/gm),
].map(([, scope = "", deploys = "", previews = "", refreshes = "", without = ""]) => ({
  scope,
  deploys: deploys.trim() === "yes",
  previews: previews.trim() === "yes",
  refreshes: refreshes.trim() === "yes",
  without: without.trim(),
}));

/** The scopes that the document gives to who deploys, who previews, and who previews with `--refresh`. */
export function scopesOf(who: "deploys" | "previews" | "refreshes"): string[] {
  return scopeRows.filter((row) => row[who]).map(({ scope }) => scope);
}
