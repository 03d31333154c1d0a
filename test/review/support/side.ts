import type { ClaimsHead, ClaimsRow, ClaimsSide } from "../../../review/claims/model.ts";

/** A head whose values can be changed. */
export function headWith(changes: Partial<ClaimsHead> = {}): ClaimsHead {
  return {
    stack: "dev",
    directory: {
      file: "local/directory.json",
      date: "2026-11-24T10:00:00Z",
      people: 2,
      names: ["xyz.example"],
    },
    applications: ["portal"],
    groupSources: ["event"],
    groupsClaim: "https://xyz.example/claims/groups",
    tokens: ["id"],
    notIn: ["Refreshes."],
    ...changes,
  };
}

/** A row of somebody who is signed in, with values changed. */
export function rowWith(changes: Partial<ClaimsRow> = {}): ClaimsRow {
  return {
    application: "portal",
    person: "ada@xyz.example",
    connection: "azure-ad",
    department: "Engineering",
    directory: "xyz.example",
    outcome: "signed-in",
    sub: "waad|azure-ad|1",
    groups: [],
    marks: [],
    idTokenBytes: 1000,
    accessTokenBytes: 43,
    profileBytes: 500,
    directoryGroups: [],
    ...changes,
  };
}

export function sideOf(rows: readonly ClaimsRow[], head: ClaimsHead = headWith()): ClaimsSide {
  return { head, rows: stream(rows) };
}

/** Rows as they come from another process. */
export async function* stream<Row>(rows: readonly Row[]): AsyncGenerator<Row> {
  for (const row of rows) yield await Promise.resolve(row);
}

/** What a function writes. */
export async function written(
  body: (write: (text: string) => Promise<void>) => Promise<void>,
): Promise<string> {
  let all = "";
  await body((text) => {
    all += text;
    return Promise.resolve();
  });
  return all;
}

/** Everything of a stream. */
export async function collect<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}
