import { COUNTED } from "../against/output.ts";
import type { GroupCount } from "../against/tally.ts";
import type { ChangeKind, ClaimsHead } from "../claims/model.ts";
import { headLines, originOf } from "../claims/output.ts";
import type { Block, Column, Table } from "./blocks.ts";
import { contractBlocks } from "./contracts.ts";
import type { Show } from "./names.ts";
import type { Summary } from "./summary.ts";

/** Finds the comment again, to be updated. It is the first line of every comment, and nobody sees it. */
export const MARKER = "<!-- workforce-sso claims -->";

/** The parts of a comment, those first that a reviewer must not miss. */
export function contentsOf(summary: Summary, show: Show): Block[] {
  return [
    `${MARKER}\n### What changes in people's tokens\n`,
    ...contractBlocks(summary.access, show),
    verdictOf(summary, show),
    ...(summary.head.length > 0 ? [headTable(summary, show)] : []),
    ...(summary.changed.length > 0 ? [applicationTable(summary, show)] : []),
    ...(summary.changed.some(({ groups }) => groups.length > 0) ? [groupTable(summary, show)] : []),
    ...(summary.people.length > 0 ? [peopleTable(summary, show)] : []),
    `<details><summary>What this is a model of</summary>\n\n${modelOf(summary.after, show)}\n</details>\n`,
  ];
}

function verdictOf(summary: Summary, show: Show): string {
  const { before, sizes, changed, head } = summary;
  const compared = `Compared with ${show(originOf(before))}`;
  if (changed.length === 0 && head.length === 0) return `${compared}, nothing is different for anybody.\n`;
  const same = sizes.length - changed.length;
  const applications = `${same} ${changed.length > 0 ? "other " : ""}application${same === 1 ? "" : "s"}`;
  const lines = [
    same === 0 ? `${compared}:` : `${compared}; nobody's sign-in is different at ${applications}:`,
    ...GRAVE.flatMap((kind) => graveLine(summary, kind, show)),
  ];
  return `${lines.join("\n\n")}\n`;
}

/** What a reviewer must see before any table. */
const GRAVE: readonly ChangeKind[] = ["denied", "subject", "over-limit"];
/** Applications that such a line names. */
const MOST_NAMED = 5;

function graveLine({ changed }: Summary, kind: ChangeKind, show: Show): string[] {
  const touched = changed.filter(({ kinds }) => kinds[kind] !== undefined);
  if (touched.length === 0) return [];
  const named = touched
    .slice(0, MOST_NAMED)
    .map(({ application, kinds }) => `${kinds[kind]} at ${show(application)}`);
  const rest = touched.length - named.length;
  return [
    `**${capital(COUNTED[kind])}: ${[...named, ...(rest > 0 ? [`and at ${rest} more`] : [])].join(", ")}.**`,
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What touches everybody. */
function headTable({ head }: Summary, show: Show): Table {
  return {
    rowsAre: "settings",
    above: "**For everybody**\n",
    columns: [{ title: "" }, { title: "before" }, { title: "now" }],
    rows: head.map(({ name, before, after }) => [name, show(before), show(after)]),
  };
}

/** Numbers of people by application; a column for each thing that happened to somebody. */
function applicationTable({ changed, sizes }: Summary, show: Show): Table {
  const kinds = (Object.keys(COUNTED) as ChangeKind[]).filter((kind) =>
    changed.some((count) => count.kinds[kind] !== undefined),
  );
  const columns: Column[] = [
    { title: "application" },
    { title: "people", number: true },
    ...kinds.map((kind) => ({ title: COUNTED[kind], number: true })),
    { title: "largest token", number: true },
  ];
  const rows = changed
    .toSorted((left, right) => right.people - left.people)
    .map((count) => {
      const size = sizes.find(({ application }) => application === count.application);
      return [
        show(count.application),
        `${count.people} of ${size?.people ?? count.people}`,
        ...kinds.map((kind) => String(count.kinds[kind] ?? "")),
        largest(size?.largestBefore ?? 0, size?.largestAfter ?? 0),
      ];
    });
  return { rowsAre: "applications", above: "**Applications**\n", columns, rows };
}

function largest(before: number, after: number): string {
  return before === after ? `${after} B` : `${after} B, was ${before} B`;
}

function groupTable({ changed }: Summary, show: Show): Table {
  const all = changed.flatMap(({ application, groups }) =>
    groups.map((group) => ({ application, ...group })),
  );
  const people = ({ gained, lost }: GroupCount) => gained + lost;
  const rows = all
    .toSorted((left, right) => people(right) - people(left))
    .map(({ application, group, gained, lost }) => [
      show(application),
      show(group),
      ...[lost, gained].map((count) => (count === 0 ? "" : String(count))),
    ]);
  const columns = [
    { title: "application" },
    { title: "group in the token" },
    { title: "lost by", number: true },
    { title: "gained by", number: true },
  ];
  return { rowsAre: "groups", above: "**Groups**\n", columns, rows };
}

function peopleTable({ people }: Summary, show: Show): Table {
  return {
    rowsAre: "people",
    above: "**People**\n",
    columns: [{ title: "application" }, { title: "person" }, { title: "difference" }],
    rows: people.map(({ application, person, happened }) => [show(application), show(person), happened]),
  };
}

/** The tool's own sentences are text; values are shown as names are. */
function modelOf(head: ClaimsHead, show: Show): string {
  const { notIn } = head;
  const values = headLines({ ...head, notIn: [] }).map(([name, value]) => `- ${name}: ${show(value)}\n`);
  return [...values, ...notIn.map((sentence) => `- not in it: ${sentence}\n`)].join("");
}
