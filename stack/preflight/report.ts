import type { Finding, Imported } from "./finding.ts";

/**
 * The findings for a person: one line each, then what to write into the stack's file, and what to import.
 *
 * @param domain The tenant's own host and port.
 * @param stack The stack's name; the lines belong into its file.
 * @param project The project's name; the keys of that file begin with it.
 */
export function reportOf(
  findings: readonly Finding[],
  domain: string,
  { stack, project }: { readonly stack: string; readonly project: string },
): string {
  const lines = findings.flatMap((finding) => finding.lines ?? []);
  const imported = findings.flatMap((finding) => (finding.imported === undefined ? [] : [finding.imported]));
  return [
    `The preflight found ${count(findings.length)} on ${domain}:`,
    ...findings.map(({ text }) => `  ${text}`),
    ...(lines.length > 0
      ? [
          `To leave everybody where they are, write this into Pulumi.${stack}.yaml under config:`,
          ...indented(lines.map((line) => (line.startsWith(" ") ? line : `${project}:${line}`))),
        ]
      : []),
    ...(imported.length > 0
      ? [
          "To import what belongs to the stack, write this into import.json, and run: " +
            "pulumi import --file import.json --protect=false --generate-code=false",
          ...indented(importFile(imported)),
        ]
      : []),
    "If you mean all of it: pulumi config set preflight false, then pulumi up, then pulumi config rm preflight.",
  ].join("\n");
}

/** Components come first in the file, because the engine refuses a child whose parent it does not know. */
function importFile(imported: readonly Imported[]): string[] {
  const parents = new Map(imported.map(({ parent }) => [`${parent.type} ${parent.name}`, parent]));
  const resources = [
    ...[...parents.values()].map(({ type, name }) => ({ type, name, component: true })),
    ...imported.map(({ type, name, id, parent }) => ({ type, name, id, parent: parent.name })),
  ];
  return [
    '{ "resources": [',
    ...resources.map(
      (entry, index) => `  ${JSON.stringify(entry)}${index < resources.length - 1 ? "," : ""}`,
    ),
    "] }",
  ];
}

function count(number: number): string {
  return number === 1 ? "one thing" : `${number} things`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
