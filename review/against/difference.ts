import { compareText, TOKEN_LIMIT_BYTES } from "../claims/model.ts";
import type { ChangeKind, ClaimsChange, ClaimsHead, ClaimsRow } from "../claims/model.ts";

/**
 * What is different for whom, from two sides whose rows are sorted by `compareRows`: they are merged as they
 * come, and neither is held. A person's ways to an application are told apart by connection; where a
 * connection has another name now, its row is held against the one that it took the place of.
 */
export async function* differencesOf(
  before: AsyncIterable<ClaimsRow>,
  after: AsyncIterable<ClaimsRow>,
): AsyncGenerator<ClaimsChange> {
  const [left, right] = [peopleIn(before), peopleIn(after)];
  let [old, now] = await Promise.all([left.next(), right.next()]);
  while (old.done !== true || now.done !== true) {
    const order = old.done === true ? 1 : now.done === true ? -1 : comparePeople(old.value[0], now.value[0]);
    const pairs = pairsOf(
      old.done === true || order > 0 ? [] : old.value,
      now.done === true || order < 0 ? [] : now.value,
    );
    for (const pair of pairs) {
      const change = changeOf(...pair);
      if (change !== undefined) yield change;
    }
    [old, now] = await Promise.all([order > 0 ? old : left.next(), order < 0 ? now : right.next()]);
  }
}

/** Without their connections, so that people are what is compared. */
function comparePeople(left: ClaimsRow, right: ClaimsRow): number {
  return compareText(left.application, right.application) || compareText(left.person, right.person);
}

type Ways = readonly [ClaimsRow, ...ClaimsRow[]];

/** All rows of one person at one application together. */
async function* peopleIn(rows: AsyncIterable<ClaimsRow>): AsyncGenerator<Ways, undefined> {
  let ways: [ClaimsRow, ...ClaimsRow[]] | undefined;
  for await (const row of rows) {
    if (ways !== undefined && comparePeople(ways[0], row) === 0) {
      ways.push(row);
      continue;
    }
    if (ways !== undefined) yield ways;
    ways = [row];
  }
  if (ways !== undefined) yield ways;
  return undefined;
}

type Pair = readonly [before: ClaimsRow | undefined, after: ClaimsRow | undefined];

function pairsOf(before: readonly ClaimsRow[], after: readonly ClaimsRow[]): Pair[] {
  const same = before.flatMap((row) => {
    const found = after.find(({ connection }) => connection === row.connection);
    return found === undefined ? [] : [[row, found] as const];
  });
  const paired = new Set(same.flat());
  const [old, now] = [before, after].map((rows) => rows.filter((row) => !paired.has(row))) as [
    ClaimsRow[],
    ClaimsRow[],
  ];
  const others = Array.from(
    { length: Math.max(old.length, now.length) },
    (_, index) => [old[index], now[index]] as const,
  );
  return [...same, ...others];
}

function changeOf(before: ClaimsRow | undefined, after: ClaimsRow | undefined): ClaimsChange | undefined {
  const row = after ?? before;
  if (row === undefined) return undefined;
  const [had, has] = [before?.groups ?? [], after?.groups ?? []];
  const gained = without(has, had);
  const lost = without(had, has);
  const kinds = kindsOf(before, after, { gained: gained.length > 0, lost: lost.length > 0 });
  if (kinds.length === 0) return undefined;
  const { application, person } = row;
  return { application, person, ...(before && { before }), ...(after && { after }), gained, lost, kinds };
}

function without(groups: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return groups.filter((group) => !known.has(group)).sort(compareText);
}

function kindsOf(
  before: ClaimsRow | undefined,
  after: ClaimsRow | undefined,
  groups: { gained: boolean; lost: boolean },
): ChangeKind[] {
  if (before === undefined || after === undefined) return [after === undefined ? "gone" : "new"];
  const [was, is] = [before.outcome === "signed-in", after.outcome === "signed-in"];
  const refusedOtherwise =
    !was && !is && (before.outcome !== after.outcome || before.reason !== after.reason);
  const [small, large] = [bytesOf(before), bytesOf(after)];
  const marks = without(after.marks, before.marks);
  const facts: readonly (readonly [ChangeKind, boolean])[] = [
    ["denied", was && !is],
    ["let-in", !was && is],
    ["subject", before.sub !== "" && after.sub !== "" && before.sub !== after.sub],
    ["lost", groups.lost],
    ["gained", groups.gained],
    ["over-limit", small <= TOKEN_LIMIT_BYTES && large > TOKEN_LIMIT_BYTES],
    ["capped", marks.includes("capped")],
    ["reason", refusedOtherwise],
    ["marks", marks.some((mark) => mark !== "capped") || without(before.marks, after.marks).length > 0],
    ["grown", was && is && grows(before, after)],
    ["shrunk", was && is && grows(after, before)],
  ];
  return facts.filter(([, holds]) => holds).map(([kind]) => kind);
}

function grows(before: ClaimsRow, after: ClaimsRow): boolean {
  return after.idTokenBytes > before.idTokenBytes || after.accessTokenBytes > before.accessTokenBytes;
}

/** Of the larger token. */
export function bytesOf({ idTokenBytes, accessTokenBytes }: ClaimsRow): number {
  return Math.max(idTokenBytes, accessTokenBytes);
}

/**
 * What of the head is different, and touches everybody: applications read the groups under another name, or
 * elsewhere.
 */
export function headDifferences(
  before: ClaimsHead,
  after: ClaimsHead,
): readonly { readonly name: string; readonly before: string; readonly after: string }[] {
  const rows = [
    { name: "claim", before: before.groupsClaim, after: after.groupsClaim },
    { name: "tokens", before: before.tokens.join(", "), after: after.tokens.join(", ") },
    { name: "groups from", before: before.groupSources.join(", "), after: after.groupSources.join(", ") },
    { name: "applications", before: before.applications.join(", "), after: after.applications.join(", ") },
  ];
  const unseen = Object.entries(after.unseen ?? {}).flatMap(([name, value]) => {
    const former = before.unseen?.[name];
    return former === undefined ? [] : [{ name, before: former, after: value }];
  });
  return [...rows, ...unseen].filter((row) => row.before !== row.after);
}
