import type { Evaluation, Tenant } from "../../packages/local-tenant/src/index.ts";
import { readActionLine } from "./action-line.ts";
import { compareText } from "./model.ts";
import type { ClaimsOutcome, ClaimsRow } from "./model.ts";
import type { Person } from "./people.ts";

/** Why somebody has no token of an application, where no Action was asked. */
export const UNREACHABLE = "No connection of their directory is enabled for the application.";

/** What of the deployed program is needed to read its tokens. */
export interface Deployed {
  readonly tenant: Pick<Tenant, "evaluate">;
  /** Client ids by the applications' names. */
  readonly clientIds: Readonly<Record<string, string>>;
  readonly groupsClaim: string;
  /** What carries the claim. */
  readonly tokens: readonly string[];
  /** The API that is asked for where access tokens carry it. */
  readonly audience?: string;
}

/**
 * Evaluations that are under way at once: while one waits for the Action's process, the next is made ready.
 */
const AT_ONCE = 2;

/**
 * Signs everybody in to every application, and gives a row for each in the order of `compareRows`, as they
 * come.
 */
export async function* claimsOf(deployed: Deployed, people: readonly Person[]): AsyncGenerator<ClaimsRow> {
  const started: Promise<ClaimsRow[]>[] = [];
  try {
    for (const application of Object.keys(deployed.clientIds).sort(compareText)) {
      for (const person of people) {
        const rows = rowsOf(deployed, application, person);
        // Whoever awaits it hears of its fault; until then nobody listens.
        rows.catch(() => undefined);
        started.push(rows);
        if (started.length >= AT_ONCE) yield* (await started.shift()) ?? [];
      }
    }
    while (started.length > 0) yield* (await started.shift()) ?? [];
  } finally {
    // Who stops taking rows does not leave work behind, and the first fault is the one that is told.
    await Promise.allSettled(started);
  }
}

async function rowsOf(deployed: Deployed, application: string, person: Person): Promise<ClaimsRow[]> {
  const { tenant, clientIds, audience } = deployed;
  const evaluations = await tenant.evaluate({
    application: clientIds[application] ?? "",
    employee: person.employee.email,
    ...(audience !== undefined && { audience }),
  });
  if (evaluations.length === 0) return [unreachable(application, person)];
  return evaluations
    .map((evaluation) => rowOf(deployed, application, person, evaluation))
    .sort((left, right) => compareText(left.connection, right.connection));
}

function rowOf(deployed: Deployed, application: string, person: Person, evaluation: Evaluation): ClaimsRow {
  const { status, idToken, accessToken, trace, reason } = evaluation;
  return {
    application,
    ...whoIs(person),
    connection: evaluation.connection,
    outcome: OUTCOMES[status],
    ...(status !== "completed" && { reason: reason ?? "No reason was given." }),
    sub: evaluation.sub,
    groups: groupsIn(deployed, evaluation),
    ...readActionLine(trace),
    idTokenBytes: idToken?.bytes ?? 0,
    accessTokenBytes: accessToken?.bytes ?? 0,
    profileBytes: evaluation.profileBytes,
    directoryGroups: evaluation.directoryGroups,
  };
}

/** What an Action sends the browser away for is not known, so nobody is signed in by it. */
const OUTCOMES: Readonly<Record<Evaluation["status"], ClaimsOutcome>> = {
  completed: "signed-in",
  denied: "denied",
  failed: "failed",
  redirect: "failed",
};

function groupsIn({ groupsClaim, tokens }: Deployed, { idToken, accessToken }: Evaluation): string[] {
  const carriers = [
    ...(tokens.includes("id") ? [idToken?.claims] : []),
    ...(tokens.includes("access") ? [accessToken?.claims] : []),
  ];
  const groups = carriers.flatMap((claims) => claims?.[groupsClaim] ?? []);
  return [...new Set(groups.map(String))].sort(compareText);
}

function unreachable(application: string, person: Person): ClaimsRow {
  return {
    application,
    ...whoIs(person),
    connection: "",
    outcome: "denied",
    reason: UNREACHABLE,
    sub: "",
    groups: [],
    marks: [],
    idTokenBytes: 0,
    accessTokenBytes: 0,
    profileBytes: 0,
    directoryGroups: person.employee.groups,
  };
}

function whoIs({ employee, directory }: Person): Pick<ClaimsRow, "person" | "department" | "directory"> {
  return { person: employee.email, department: employee.department, directory };
}
