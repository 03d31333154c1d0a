import { operations } from "./operations.ts";

/** Where the table begins and ends in `local/README.md`. */
export const SUPPORT_MARKS = {
  begin: "<!-- operations: made from the code, see test/local/tenant/management/support-table.spec.ts -->",
  end: "<!-- end of operations -->",
} as const;

/** The Management API as this tenant supports it, one row an operation, as Markdown. */
export function supportTable(): string {
  const rows = operations.map(({ method, path, scopes, body }) => [
    `\`${method} ${path.replace(/:(\w+)/g, "{$1}")}\``,
    scopes.map((scope) => `\`${scope}\``).join(" or "),
    body === undefined ? "" : body.properties === undefined && body.type !== "array" ? "any" : "checked",
  ]);
  const sorted = rows.sort(([a = ""], [b = ""]) => pathOf(a).localeCompare(pathOf(b)) || a.localeCompare(b));
  const lines = [["Operation", "Scope", "Body"], ["---", "---", "---"], ...sorted];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function pathOf(cell: string): string {
  return cell.split(" ")[1] ?? "";
}
