import type { AccessReport, AccessResult, AccessViolation } from "../access/report.ts";
import type { Block, Table } from "./blocks.ts";
import type { Show } from "./names.ts";
import type { Summary } from "./summary.ts";

/** How the contracts hold, and which of them demand less than they did. */
export function contractBlocks(access: Summary["access"], show: Show): Block[] {
  if (access === undefined) return [];
  const { against } = access;
  return [
    `${verdictOf(access, show)}\n`,
    ...(access.violations.length > 0 ? [violationTable(access, show)] : []),
    ...(against === undefined ? [] : loosenedBlocks(against, show)),
    ...(against?.result === undefined ? [] : olderBlocks(access, against.result, against.ref, show)),
  ];
}

/** What the former contracts forbid, and these do not. */
function olderBlocks(access: AccessResult, older: AccessResult, ref: string, show: Show): Block[] {
  const key = ({ application, person, says }: AccessViolation) => JSON.stringify([application, person, says]);
  const told = new Set(access.violations.map(key));
  const violations = older.violations.filter((violation) => !told.has(key(violation)));
  if (violations.length === 0) return [];
  return [
    `**By the contracts of ${show(ref)}, this is violated too:**\n`,
    violationTable({ ...older, violations }, show),
  ];
}

function verdictOf({ file, rules, total }: AccessResult, show: Show): string {
  if (rules === 0) return `**${show(file)} has no rules.**`;
  if (total === 0) return `${show(file)} holds for everybody (${rules} ${rules === 1 ? "rule" : "rules"}).`;
  return `**${show(file)} is violated ${times(total)}.**`;
}

/** One row for a rule, an application and what is wrong, and how many people it is about. */
function violationTable({ violations, notKept }: AccessResult, show: Show): Table {
  const isCut = ({ rule }: AccessViolation) => notKept.some((cut) => cut.rule === rule);
  const rows = new Map<string, { violation: AccessViolation; people: Set<string> }>();
  for (const violation of violations) {
    const key = JSON.stringify([violation.rule, violation.application, violation.says]);
    const row = rows.get(key) ?? { violation, people: new Set() };
    for (const person of [violation.person ?? [], violation.people ?? []].flat()) row.people.add(person);
    rows.set(key, row);
  }
  return {
    rowsAre: "violations",
    above: "",
    columns: [
      { title: "rule" },
      { title: "line", number: true },
      { title: "application" },
      { title: "people", number: true },
      { title: "what is wrong" },
      { title: "how it comes, for one of them" },
    ],
    rows: [...rows.values()].map(({ violation, people }) => [
      show(violation.name ?? violation.rule),
      String(violation.line),
      violation.application === undefined ? "" : show(violation.application),
      people.size === 0 ? "" : `${people.size}${isCut(violation) ? " or more" : ""}`,
      show(violation.says),
      violation.chain.map(show).join("<br>"),
    ]),
  };
}

function loosenedBlocks({ ref, says, loosened }: NonNullable<AccessReport["against"]>, show: Show): Block[] {
  if (says !== undefined) return [`Contracts of ${show(ref)}: ${show(says)}\n`];
  if (loosened.length === 0) return [];
  const table: Table = {
    rowsAre: "rules",
    above: `**Rules that demand less than at ${show(ref)}**\n`,
    columns: [
      { title: "rule" },
      { title: "line there", number: true },
      { title: "line now", number: true },
      { title: "what" },
    ],
    rows: loosened.map((rule) => [
      show(rule.name ?? rule.rule),
      String(rule.line),
      rule.now === undefined ? "" : String(rule.now),
      show(rule.says),
    ]),
  };
  return [table];
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
