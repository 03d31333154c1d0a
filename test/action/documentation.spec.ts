import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { loadConfig } from "../../stack/config.ts";
import { setMockConfig } from "../support/pulumi-mocks.ts";

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
const page = read("docs/action.md");

/** The cells of a table's rows: the table that begins with these headings. */
function rowsUnder(...headings: string[]): string[][] {
  const lines = page.split("\n").map((line) => line.split("|").slice(1, -1));
  const rows = lines.map((cells) => cells.map((cell) => cell.trim()));
  const head = rows.findIndex((cells) => headings.every((heading, index) => cells[index] === heading));
  assert.ok(head >= 0, headings.join());
  const end = rows.findIndex((cells, index) => index > head && cells.length === 0);
  return rows.slice(head + 2, end);
}

describe("docs/action.md", () => {
  it("names each outcome code once, and no other", () => {
    const type = /export type Outcome =([^;]+);/.exec(read("action/outcome.ts"))?.[1] ?? "";
    const codes = [...type.matchAll(/"([a-z-]+)"/g)].map(([, code]) => code);
    assert.ok(codes.length > 10);
    const documented = rowsUnder("outcome", "meaning").map(([code]) => code?.replaceAll("`", ""));
    assert.deepEqual(documented.toSorted(), codes.toSorted());
  });

  it("names every config key that shapes the Action, with the default of Pulumi.yaml", () => {
    // SAFETY: the file's own shape, checked by the engine.
    const project = parse(read("Pulumi.yaml")) as { config: Record<string, { default?: unknown }> };
    const documented = rowsUnder("key", "default", "meaning").filter(([key]) => !key?.includes("[]"));
    setMockConfig({});
    const names = Object.keys(loadConfig().action).filter((name) => name in project.config);
    assert.deepEqual(
      documented.map(([key]) => key?.replaceAll("`", "")).toSorted(),
      [...names, "enrichedConnections", "enrichedStrategies"].toSorted(),
    );
    for (const [key = "", shown = ""] of documented) {
      const value = project.config[key.replaceAll("`", "")]?.default;
      if (shown === "all three") assert.deepEqual(value, ["event", "directory-sync", "management-api"]);
      else if (shown === "none") assert.equal(value, undefined);
      else assert.equal(shown.replaceAll("`", ""), typeof value === "string" ? value : JSON.stringify(value));
    }
  });

  it("quotes the denial's text as it is", () => {
    const text = /const DENIAL = "(.+)";/.exec(read("action/post-login.ts"))?.[1];
    assert.ok(text !== undefined && page.replace(/\s+/g, " ").includes(text));
  });
});
