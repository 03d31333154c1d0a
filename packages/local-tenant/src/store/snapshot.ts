import { readFileSync } from "node:fs";
import { UserError } from "../lib/errors.ts";

/** The format of the state file. A file of a later one is refused: nobody guesses what it means. */
export const STATE_VERSION = 3;
/**
 * The formats before: in both, rows have the tenant's address; the first one has no changes beside it, and so
 * no id.
 */
const OLDER_VERSIONS = [1, 2];

/** Settings of the tenant (`/tenants/settings`) in their wire shape. */
export type TenantSettings = Record<string, unknown> & { flags: Record<string, boolean> };

/** A whole tenant. */
export interface Whole {
  readonly domain: string;
  readonly deployer: { readonly clientId: string; readonly clientSecret: string };
  readonly settings: TenantSettings;
  /** Rows by table; a table that the file lacks, since an older version wrote it, is empty. */
  readonly tables: Readonly<Record<string, readonly unknown[] | undefined>>;
}

/** A whole tenant, as it was when the file was written. */
export interface Snapshot extends Whole {
  readonly version: number;
  /** Names the snapshot; the log that continues it begins with the same id. A file of format 1 has none. */
  readonly id?: string;
}

/**
 * Reads a state file.
 * @throws {UserError} when it is not a state that this version can read; the file is left as it is.
 */
export function readSnapshot(file: string, tableNames: readonly string[]): Snapshot {
  const refuse = (what: string) => refusal(file, what);
  let document: Partial<Snapshot> | null;
  try {
    document = JSON.parse(readFileSync(file, "utf8")) as Partial<Snapshot> | null;
  } catch (error) {
    throw refuse(`is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (document === null || typeof document !== "object") throw refuse("is not a JSON object");
  const { version } = document;
  if (version === undefined || ![...OLDER_VERSIONS, STATE_VERSION].includes(version)) {
    throw refuse(
      `has format ${String(version)}, and this version reads formats ${OLDER_VERSIONS.join(", ")} and ${STATE_VERSION}`,
    );
  }
  const tables: unknown = document.tables;
  if (tables === null || typeof tables !== "object") throw refuse("has no tables");
  const broken = Object.entries(tables).find(
    ([name, rows]) => tableNames.includes(name) && !Array.isArray(rows),
  );
  if (broken !== undefined) throw refuse(`has a table ${broken[0]} that is not a list`);
  if (typeof document.domain !== "string" || document.settings?.flags === undefined || !document.deployer) {
    throw refuse("lacks the tenant's domain, settings or deployer");
  }
  if (version !== 1 && typeof document.id !== "string") throw refuse("has no id");
  // SAFETY: every field of the document was looked at above.
  return document as Snapshot;
}

/** The pieces of a state file, so that a large one is never in memory as one text. */
export function* snapshotText(snapshot: Snapshot): Generator<string, void> {
  const { tables, ...head } = snapshot;
  yield `${JSON.stringify(head).slice(0, -1)},"tables":{`;
  let separator = "\n";
  for (const [name, rows = []] of Object.entries(tables)) {
    yield `${separator}${JSON.stringify(name)}:[`;
    separator = ",\n";
    let between = "\n";
    for (const row of rows) {
      yield between + JSON.stringify(row);
      between = ",\n";
    }
    yield "]";
  }
  yield "}}\n";
}

/** The line about a file of the state that cannot be used; `what` is the rest of a sentence about it. */
export function refusal(file: string, what: string): UserError {
  return new UserError(
    `The state file ${file} ${what}. Nothing was changed. Start with --reset to begin anew.`,
  );
}
