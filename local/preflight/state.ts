import { runChild } from "../../packages/local-tenant/src/lib/run-child.ts";
import { cliAtHand } from "../pulumi/cli/ladder.ts";
import { silent } from "../pulumi/cli/reporter.ts";

/** Names of the resources in the stack's state, or why they are not known. */
export type StateNames = ReadonlySet<string> | { readonly why: string };

const DEADLINE = 60_000;

/**
 * Reads from the state what the stack has made, with the CLI on PATH or in the cache. Secrets stay encrypted.
 */
export async function readStateNames(
  root: string,
  stack: string,
  env: NodeJS.ProcessEnv,
): Promise<StateNames> {
  const cli = await cliAtHand({ env, reporter: silent });
  if (cli === undefined) return { why: "no Pulumi CLI was found" };
  const words = ["stack", "export", "--stack", stack, "--non-interactive"];
  const { end, stdout, stderr } = await runChild(cli.command, words, { cwd: root, env, deadline: DEADLINE });
  if (end !== 0)
    return { why: (stderr.trim().split("\n").at(-1) ?? "").replace(/^error: /, "").slice(0, 200) };
  try {
    // SAFETY: the CLI's own shape; anything else is caught.
    const { deployment } = JSON.parse(stdout) as { deployment: { resources?: { urn: string }[] } };
    return new Set((deployment.resources ?? []).map(({ urn }) => urn.split("::").at(-1) ?? ""));
  } catch {
    return { why: "pulumi stack export did not print a state" };
  }
}
