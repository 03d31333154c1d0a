import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { didYouMean } from "../../packages/local-tenant/src/lib/nearest.ts";
import { runChild } from "../../packages/local-tenant/src/lib/run-child.ts";

/**
 * Git as it runs by hand in a folder: a hook that calls this tool has variables that would lead it elsewhere.
 */
export function gitEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^GIT_(?!SSH|CONFIG|EXEC)/.test(name)));
}

/** Runs git and gives its standard output, without the last line feed. */
export async function git(root: string, args: readonly string[], signal?: AbortSignal): Promise<string> {
  const { end, stdout, stderr } = await runChild("git", ["-C", root, ...args], {
    // Git says it in the language of this tool then.
    env: { ...gitEnvironment(process.env), LC_ALL: "C" },
    ...(signal !== undefined && { signal }),
  });
  if (end === 0) return stdout.replace(/\n$/, "");
  if (typeof end === "string") throw new UserError(`git ${end}. --against needs git.`);
  const [line = ""] = stderr.split("\n").filter((text) => text !== "");
  throw new GitError(line.replace(/^(fatal|error): /, ""));
}

/** What git complains of, in one line. */
export class GitError extends UserError {}

/** What a ref stands for. */
export interface Commit {
  readonly ref: string;
  readonly hash: string;
}

/**
 * Finds the commit of a ref.
 * @throws {UserError} one line with the nearest ref, where there is none.
 */
export async function findCommit(root: string, ref: string): Promise<Commit> {
  try {
    const hash = await git(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
    return { ref, hash };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new UserError(await whyNot(root, ref));
  }
}

async function whyNot(root: string, ref: string): Promise<string> {
  try {
    const names = await git(root, ["for-each-ref", "--format=%(refname:short)"]);
    const shallow = (await git(root, ["rev-parse", "--is-shallow-repository"])) === "true";
    const hint = didYouMean(ref, names.split("\n"));
    const fetched = shallow
      ? " This is a shallow clone: git fetch --unshallow gets the rest (fetch-depth: 0 in a workflow)."
      : "";
    return `There is no commit ${JSON.stringify(ref)} to hold the working tree against.${hint}${fetched}`;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    if (said.startsWith("not a git repository")) {
      return (
        `${root} is not in a git repository, so it has no ${JSON.stringify(ref)} to be held against. ` +
        "--against needs a clone: a downloaded archive has no history."
      );
    }
    return `${root} cannot be asked for ${JSON.stringify(ref)}: ${said}.`;
  }
}
