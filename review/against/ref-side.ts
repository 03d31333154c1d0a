import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import type { ClaimsRow, ClaimsSide } from "../claims/model.ts";
import { SideError, startSide } from "../claims/side-process.ts";
import type { SideOptions } from "../claims/side.ts";
import type { Closing } from "../closing.ts";
import { findCommit } from "./git.ts";
import { linkModules } from "./modules.ts";
import { checkOut } from "./worktree.ts";

export interface RefOptions extends Omit<SideOptions, "ref"> {
  readonly ref: string;
  readonly signal?: AbortSignal;
  /** Hears what takes a while. */
  readonly say: (text: string) => void;
}

/**
 * The claims of a commit's program, by this tool and for the people of this directory file.
 * @throws {UserError} one line, with the ref.
 */
export async function startRef(options: RefOptions, closing: Closing): Promise<ClaimsSide> {
  const { root, ref, signal, say, ...rest } = options;
  const commit = await findCommit(root, ref);
  const name = `${ref} (${commit.hash.slice(0, 10)})`;
  const tree = await checkOut(root, commit, closing, signal);
  const file = `Pulumi.${rest.stack}.yaml`;
  try {
    if (!existsSync(join(tree, file))) throw new UserError(`${file} is not there.`);
    await linkModules(root, tree, { env: process.env, say, ...(signal !== undefined && { signal }) });
    const { head, rows } = await startSide({ ...rest, root: tree, ref: name }, closing);
    return { head, rows: named(name, tree, rows) };
  } catch (error) {
    throw inOneLine(name, tree, error);
  }
}

async function* named(name: string, tree: string, rows: AsyncIterable<ClaimsRow>): AsyncGenerator<ClaimsRow> {
  try {
    yield* rows;
  } catch (error) {
    throw inOneLine(name, tree, error);
  }
}

/** Paths are those of the project: the folder of the commit is gone when they are read. */
function inOneLine(name: string, tree: string, error: unknown): unknown {
  if (!(error instanceof UserError)) return error;
  const line = error instanceof SideError ? error.line : error.message;
  return new UserError(`The program of ${name} has no claims: ${line.replaceAll(join(tree, "/"), "")}`);
}
