import * as pulumi from "@pulumi/pulumi";
import program from "../../index.ts";
import { loadConfig } from "../../stack/config.ts";
import { actionName } from "../../stack/policy/bindings.ts";
import { readAccess } from "../../stack/preflight/access.ts";
import { type Change, findingsOf } from "../../stack/preflight/findings.ts";
import { lookAtTenant } from "../../stack/preflight/look.ts";
import { reportOf } from "../../stack/preflight/report.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { plannedChanges } from "./planned.ts";
import { readStackFile } from "./stack-file.ts";
import { readStateNames } from "./state.ts";

export interface PreflightRun {
  /** The project's folder. */
  readonly root: string;
  readonly stack: string;
  readonly env: NodeJS.ProcessEnv;
  /** Prints a line on standard output. */
  readonly print: (text: string) => void;
  /** Prints a line on standard error. */
  readonly say: (text: string) => void;
}

/**
 * Asks the tenant what the stack would take from others there.
 * @returns 0 if nothing was found, 1 if something was found.
 * @throws {UserError} if the tenant could not be asked.
 */
export async function runPreflight({ root, stack, env, print, say }: PreflightRun): Promise<number> {
  const file = await readStackFile(root, stack);
  const planned = await plannedChanges(program, file, stack);
  const { domain, postLoginBinding: mode } = loadConfig();
  const [look, state] = await Promise.all([ask(domain, env), readStateNames(root, stack, env)]);
  for (const error of look.errors) say(`Not asked: ${error}.`);
  const known = "why" in state ? new Set<string>() : state;
  if ("why" in state) {
    say(
      `The state of the stack ${stack} could not be read (${state.why}), so the list includes what this stack has made itself.`,
    );
  }
  const findings = planned.flatMap((change) => {
    const operation: Change["operation"] = known.has(change.name) ? "update" : "create";
    return findingsOf({ ...change, operation }, look, { action: actionName, mode });
  });
  if (findings.length > 0) {
    print(reportOf(findings, domain, { stack, project: pulumi.getProject() }));
    return 1;
  }
  if (look.errors.length > 0)
    throw new UserError(`Nothing was found, but not all of ${domain} could be asked.`);
  print(`The preflight found nothing on ${domain} that the stack ${stack} would take from others.`);
  return 0;
}

async function ask(domain: string, env: NodeJS.ProcessEnv) {
  try {
    return await lookAtTenant(readAccess(domain, env));
  } catch (error) {
    throw new UserError(
      `${domain} cannot be asked: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}
