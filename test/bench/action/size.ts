import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ActionSettings } from "../../../action/settings.ts";
import { bundleAction } from "../../../stack/bundle.ts";
import { defaultSettings } from "../../support/default-settings.ts";
import { recipeSource } from "./company.ts";
import { spread } from "../statistics.ts";
import type { Spread } from "../statistics.ts";
import { shown, table } from "../text.ts";

/** What one Action's source weighs. */
export interface SizeRow {
  readonly action: string;
  readonly bytes: number;
  /**
   * Milliseconds to compile and run the module in a fresh process, the packages it requires at its top among
   * them.
   */
  readonly load: Spread;
}

/**
 * Weighs our bundle with all sources and with the free ones, and the recipe's source; loads each so many
 * times.
 */
export function measureSize(loads: number): SizeRow[] {
  const free: ActionSettings = { ...defaultSettings, groupSources: ["event", "directory-sync"] };
  const sources: [string, string][] = [
    ["recipe", recipeSource()],
    ["ours, all sources", bundleAction(defaultSettings).code],
    ["ours, without management-api", bundleAction(free).code],
  ];
  return sources.map(([action, code]) => ({
    action,
    bytes: Buffer.byteLength(code),
    load: spread(Array.from({ length: loads }, () => loadOnce(code))),
  }));
}

export function sizeTable(rows: readonly SizeRow[]): string {
  return table(
    ["Action", "bytes", "loads", "p50 ms", "max ms"],
    rows.map(({ action, bytes, load }) => [
      action,
      shown(bytes),
      load.samples,
      shown(load.p50),
      shown(load.max),
    ]),
  );
}

function loadOnce(code: string): number {
  const file = fileURLToPath(new URL("./load-time.cjs", import.meta.url));
  return Number(execFileSync(process.execPath, [file], { input: code, encoding: "utf8" }));
}
