import { existsSync, readFileSync, statSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { findCommit, git } from "../against/git.ts";
import type { ClaimsRow } from "../claims/model.ts";
import { AccessCheck } from "./check.ts";
import type { CheckContext } from "./check.ts";
import type { AccessFile } from "./kinds.ts";
import { loosenedRules } from "./loosened.ts";
import { readAccess } from "./read.ts";
import type { AccessReport } from "./report.ts";

/** What the contracts are called, in the project's folder. */
export const ACCESS_FILE = "access.yaml";

/** The contracts of the working tree, and those of a git ref beside them. */
export interface Contracts {
  readonly file: AccessFile;
  readonly older?: OlderAccess;
}

/** The contracts of a ref; without a file where it has none that can be read. */
interface OlderAccess {
  readonly ref: string;
  readonly file?: AccessFile;
  /** Why there is no file. */
  readonly says?: string;
}

/** Where the contracts are. */
export interface ContractsAsked {
  /**
   * Path of the file from the folder in which the command was typed; `access.yaml` of the project unless
   * given.
   */
  readonly access?: string;
  /** A git ref, whose file is read too. */
  readonly against?: string;
}

/** Whether a project has contracts. */
export function hasContracts(root: string): boolean {
  return existsSync(resolve(root, ACCESS_FILE));
}

/**
 * Reads the contracts.
 * @throws {UserError} one line for a file or a ref that is not there; {AccessFileError} with every fault of
 * the working tree's file.
 */
export async function readContracts(root: string, asked: ContractsAsked): Promise<Contracts> {
  const path = asked.access === undefined ? resolve(root, ACCESS_FILE) : resolve(asked.access);
  const below = relative(root, path);
  const name = below.startsWith("..") ? path : below.split(sep).join("/");
  if (!existsSync(path)) {
    throw new UserError(`${name} is not there, so there are no contracts to check (docs/access.md).`);
  }
  if (statSync(path).isDirectory()) throw new UserError(`${name} is a folder. Name a file of contracts.`);
  const file = readAccess(readFileSync(path, "utf8"), name);
  return asked.against === undefined ? { file } : { file, older: await readOlder(root, name, asked.against) };
}

/**
 * Reads the contracts where the working tree or the ref has some: a project may have none, and one that has
 * lost its file demands less than it did.
 */
export async function readContractsOfEither(root: string, against: string): Promise<Contracts | undefined> {
  if (hasContracts(root)) return readContracts(root, { against });
  const older = await readOlder(root, ACCESS_FILE, against);
  return older.file === undefined ? undefined : { file: { file: ACCESS_FILE, rules: [] }, older };
}

async function readOlder(root: string, name: string, ref: string): Promise<OlderAccess> {
  const { hash } = await findCommit(root, ref);
  const prefix = await git(root, ["rev-parse", "--show-prefix"]);
  let text: string;
  try {
    text = await git(root, ["show", `${hash}:${prefix}${name}`]);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ref, says: `There is no ${name}, so there is nothing to hold this one against.` };
  }
  try {
    return { ref, file: readAccess(text, name) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ref, says: error.message };
  }
}

/** Holds the working tree's claims against its contracts and those of the ref, row after row. */
export class ContractsCheck {
  readonly #contracts: Contracts;
  readonly #check: AccessCheck;
  readonly #older: AccessCheck | undefined;

  constructor(contracts: Contracts, context: CheckContext) {
    this.#contracts = contracts;
    this.#check = new AccessCheck(contracts.file, context);
    const { older } = contracts;
    this.#older = older?.file === undefined ? undefined : new AccessCheck(older.file, context);
  }

  /** Takes the next row of the working tree's side. */
  add(row: ClaimsRow): void {
    this.#check.add(row);
    this.#older?.add(row);
  }

  /** How the contracts hold; ask once, after the last row. */
  report(): AccessReport {
    const { file, older } = this.#contracts;
    const result = this.#check.result();
    if (older === undefined) return result;
    const before = this.#older?.result();
    return {
      ...result,
      against: {
        ref: older.ref,
        ...(older.says !== undefined && { says: older.says }),
        ...(before !== undefined && { result: before }),
        loosened: older.file === undefined ? [] : loosenedRules(older.file, file),
      },
    };
  }
}

/**
 * Holds all rows of the working tree's side against the contracts. They are taken to the end, and none is
 * kept.
 */
export async function checkAccess(
  rows: AsyncIterable<ClaimsRow>,
  context: CheckContext,
  contracts: Contracts,
): Promise<AccessReport> {
  const check = new ContractsCheck(contracts, context);
  for await (const row of rows) check.add(row);
  return check.report();
}
