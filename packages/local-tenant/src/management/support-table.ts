import { operations } from "./operations.ts";

/** Where the table begins and ends in `local/README.md`. */
export const SUPPORT_MARKS = {
  begin: "<!-- operations: made from the code, see test/management/support-table.spec.ts -->",
  end: "<!-- end of operations -->",
} as const;

/** The Management API as this tenant supports it, one row an operation, as Markdown. */
export function supportTable(): string {
  const rows = operations.map(({ method, path, scopes, fieldScopes = [], body }) => [
    `\`${method} ${path.replace(/:(\w+)/g, "{$1}")}\``,
    [quoted(scopes).join(" or "), ...quoted(fieldScopes)].join(", for some fields "),
    body === undefined ? "" : body.properties === undefined && body.type !== "array" ? "any" : "checked",
  ]);
  const sorted = rows.sort(([a = ""], [b = ""]) => pathOf(a).localeCompare(pathOf(b)) || a.localeCompare(b));
  const lines = [["Operation", "Scope", "Body"], ["---", "---", "---"], ...sorted];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function quoted(scopes: readonly string[]): string[] {
  return scopes.map((scope) => `\`${scope}\``);
}

function pathOf(cell: string): string {
  return cell.split(" ")[1] ?? "";
}
