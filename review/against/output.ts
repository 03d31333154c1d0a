import { TOKEN_LIMIT_BYTES } from "../claims/model.ts";
import type { ChangeKind, ClaimsChange, ClaimsHead } from "../claims/model.ts";
import { namesIn } from "../claims/fold.ts";
import { originOf } from "../claims/output.ts";
import type { Write } from "../claims/output.ts";
import { bytesOf, headDifferences } from "./difference.ts";
import type { DifferenceTally, GroupCount } from "./tally.ts";

/** Two sides held against each other: the heads at once, the changes as they come. Take the changes once. */
export interface Difference {
  readonly before: ClaimsHead;
  readonly after: ClaimsHead;
  readonly changes: AsyncIterable<ClaimsChange>;
}

/** One form of output for a difference. It adds each change to the tally. */
export type DifferenceOutput = (
  difference: Difference,
  tally: DifferenceTally,
  write: Write,
) => Promise<void>;

/** What is held against what. */
export function titleOf({ before, after }: Pick<Difference, "before" | "after">): string {
  return `${originOf(before)} and ${originOf(after)}`;
}

/** How names are shown. */
type Show = (name: string) => string;

/** What happened to somebody, in phrases; long lists are cut on a terminal of so many columns. */
export function phrasesOf(change: ClaimsChange, show: Show, columns?: number): string[] {
  const { before, after, gained, lost, kinds } = change;
  const list = (groups: readonly string[]) => namesIn(groups.map(show), columns);
  // Other phrases come after it.
  const reason = (after?.reason ?? "").replace(/\.$/, "");
  const phrases: Readonly<Record<ChangeKind, () => string>> = {
    denied: () => `no longer signed in: ${show(reason)}`,
    "let-in": () => "signed in now",
    lost: () => `loses ${list(lost)}`,
    gained: () => `gains ${list(gained)}`,
    subject: () => "is somebody else to the application (another sub)",
    "over-limit": () => `the token passes ${TOKEN_LIMIT_BYTES} bytes`,
    capped: () => "the list of groups is cut",
    reason: () => `still not signed in, but: ${show(reason)}`,
    marks: () =>
      `the Action says ${list(after?.marks ?? []) || "ok"} instead of ${list(before?.marks ?? []) || "ok"}`,
    grown: () => bytes(change),
    shrunk: () => bytes(change),
    gone: () => `not there any more (was ${before?.outcome ?? ""}${had(before?.groups ?? [], list)})`,
    new: () => `new (${after?.outcome ?? ""}${had(after?.groups ?? [], list)})`,
  };
  return [...new Set(kinds.map((kind) => phrases[kind]()))];
}

function had(groups: readonly string[], list: (groups: readonly string[]) => string): string {
  return groups.length === 0 ? "" : `, ${list(groups)}`;
}

function bytes({ before, after }: ClaimsChange): string {
  return before === undefined || after === undefined ? "" : `${bytesOf(before)} B, now ${bytesOf(after)} B`;
}

/** What is said of how many people. */
export const COUNTED: Readonly<Record<ChangeKind, string>> = {
  denied: "no longer signed in",
  "let-in": "signed in now",
  lost: "lose a group",
  gained: "gain a group",
  subject: "another sub",
  "over-limit": `token above ${TOKEN_LIMIT_BYTES} bytes now`,
  capped: "list of groups cut now",
  reason: "refused for another reason",
  marks: "the Action says something else",
  grown: "larger token",
  shrunk: "smaller token",
  gone: "not there any more",
  new: "new",
};

/** Groups of one application that an output for people counts; JSON has all. */
const MOST_GROUPS = 20;

/** A line of the summary, and how far it is indented. */
export interface SummaryLine {
  readonly depth: 0 | 1;
  readonly text: string;
}

/** The end of an output: how many people, by application, kind and group. */
export function summaryLines(
  { before, after }: Pick<Difference, "before" | "after">,
  tally: DifferenceTally,
  show: Show,
): SummaryLine[] {
  const lines = [
    ...headDifferences(before, after)
      .map((row) => `${row.name}: ${show(row.after)} instead of ${show(row.before)}`)
      .map(outer),
    ...tally.applications.flatMap((count) => [
      outer(
        `${show(count.application)}: different for ${count.people} ${count.people === 1 ? "person" : "people"}`,
      ),
      ...Object.entries(count.kinds).map(([kind, people]) =>
        inner(`${people} ${COUNTED[kind as ChangeKind]}`),
      ),
      ...groupLines(count.groups, show).map(inner),
    ]),
  ];
  return lines.length > 0 ? lines : [outer("Nothing is different for anybody.")];
}

const outer = (text: string): SummaryLine => ({ depth: 0, text });
const inner = (text: string): SummaryLine => ({ depth: 1, text });

/** Those groups first that most people gain or lose. */
function groupLines(groups: readonly GroupCount[], show: Show): string[] {
  const most = groups.toSorted((left, right) => right.gained + right.lost - left.gained - left.lost);
  const lines = most.slice(0, MOST_GROUPS).map(({ group, gained, lost }) => {
    const counts = [...(gained > 0 ? [`gained by ${gained}`] : []), ...(lost > 0 ? [`lost by ${lost}`] : [])];
    return `${show(group)}: ${counts.join(", ")}`;
  });
  const others = groups.length - MOST_GROUPS;
  return others > 0 ? [...lines, `and ${others} more ${others === 1 ? "group" : "groups"}`] : lines;
}

/** Whether anything is different that an application would notice. */
export function isDifferent(
  { before, after }: Pick<Difference, "before" | "after">,
  tally: DifferenceTally,
): boolean {
  // Where the groups come from is nobody's business as long as they are the same.
  const heads = headDifferences(before, after).filter(({ name }) => name !== "groups from");
  return !tally.empty || heads.length > 0;
}
