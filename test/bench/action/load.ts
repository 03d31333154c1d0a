import { setTimeout as sleep } from "node:timers/promises";
import type { Plan } from "../../../packages/local-tenant/src/index.ts";
import type { RunningTenant } from "../../../packages/local-tenant/src/running-tenant.ts";
import type { Company, Subject } from "./company.ts";
import { logIn } from "./logins.ts";
import type { Login, Path } from "./logins.ts";
import { SharedInstances } from "./shared-instances.ts";
import { spread } from "../statistics.ts";
import type { Spread } from "../statistics.ts";
import { shown, table } from "../text.ts";

/** What became of the logins that were begun on a fixed schedule. */
export interface LoadRow {
  readonly plan: Plan;
  readonly perSecond: number;
  readonly seconds: number;
  readonly subject: Subject;
  readonly path: Path;
  readonly logins: number;
  readonly succeeded: number;
  readonly rightGroups: number;
  /** The handler's own milliseconds; a handler that took 20 seconds counts as those. */
  readonly handler: Spread;
  /**
   * From the moment at which the schedule has the login begin to its end: waits of an overloaded machine are
   * in it.
   */
  readonly fromSchedule: Spread;
  /**
   * How late the last-begun logins were: above some hundred milliseconds this machine was too slow for the
   * rate.
   */
  readonly latestStart: number;
  /** Requests that the tenant got meanwhile. */
  readonly calls: { readonly token: number; readonly user: number; readonly refused: number };
  /** How often each outcome code of our Action was logged, or each error of the recipe's was thrown. */
  readonly outcomes: Readonly<Record<string, number>>;
}

export interface LoadOptions {
  readonly rates: readonly number[];
  readonly seconds: number;
  readonly plans: readonly Plan[];
  /** Processes that share the logins. */
  readonly processes: number;
}

const SUBJECTS: readonly (readonly [Subject, Path])[] = [
  ["recipe", "free"],
  ["ours", "free"],
  ["ours", "fallback"],
];

/**
 * Logins at each rate under each plan's limits; every measurement has a tenant of its own, with full buckets.
 */
export async function measureLoad(
  company: Company,
  { rates, seconds, plans, processes }: LoadOptions,
  report: (row: LoadRow) => void,
): Promise<LoadRow[]> {
  const rows: LoadRow[] = [];
  for (const plan of plans) {
    for (const perSecond of rates) {
      for (const [subject, path] of SUBJECTS) {
        const tenant = await company.open(subject, plan);
        const instances = new SharedInstances(processes, tenant.ca);
        try {
          await warmUp(tenant, instances, processes, path, plan);
          const figures = await press(tenant, instances, { path, perSecond, seconds });
          const row = { plan, perSecond, seconds, subject, path, ...figures };
          rows.push(row);
          report(row);
        } finally {
          await instances.close();
          await tenant.close();
        }
      }
    }
  }
  return rows;
}

/** One login in each process, and then as long as the calls of those take to come back into the bucket. */
async function warmUp(
  tenant: RunningTenant,
  runner: SharedInstances,
  processes: number,
  path: Path,
  plan: Plan,
): Promise<void> {
  const logins = Array.from({ length: processes }, (_, number) => logIn(tenant, { number, path, runner }));
  await Promise.all(logins);
  await sleep(plan === "free" ? 2500 : 500);
}

/** Open loop: logins begin when the schedule says so, however many are still under way. */
async function press(
  tenant: RunningTenant,
  runner: SharedInstances,
  { path, perSecond, seconds }: { path: Path; perSecond: number; seconds: number },
): Promise<Omit<LoadRow, "plan" | "perSecond" | "seconds" | "subject" | "path">> {
  const calls = { token: 0, user: 0, refused: 0 };
  const end = tenant.context.log.onRequest((request) => {
    if (request.path.startsWith("/oauth/token")) calls.token += 1;
    if (request.path.startsWith("/api/v2/")) calls.user += 1;
    if (request.status === 429) calls.refused += 1;
  });
  const count = perSecond * seconds;
  const started = performance.now();
  const underWay: Promise<Login & { fromSchedule: number }>[] = [];
  let latestStart = 0;
  while (underWay.length < count) {
    const due = started + (underWay.length * 1000) / perSecond;
    const late = performance.now() - due;
    if (late < 0) {
      await sleep(Math.ceil(-late));
      continue;
    }
    latestStart = Math.max(latestStart, late);
    const login = logIn(tenant, { number: underWay.length, path, runner });
    underWay.push(login.then((ended) => ({ ...ended, fromSchedule: performance.now() - due })));
    // Else a slow start would begin all that is due in one turn, and nothing of it would be answered
    // meanwhile.
    await new Promise(setImmediate);
  }
  const logins = await Promise.all(underWay);
  end();
  return {
    logins: count,
    succeeded: logins.filter(({ succeeded }) => succeeded).length,
    rightGroups: logins.filter(({ rightGroups }) => rightGroups).length,
    handler: spread(logins.map(({ handler = 20_000 }) => handler)),
    fromSchedule: spread(logins.map(({ fromSchedule }) => fromSchedule)),
    latestStart: Math.round(latestStart),
    calls,
    outcomes: countOf(
      logins.map(({ lines, error }) => error ?? /outcome=(\S+)/.exec(lines.join())?.[1] ?? "none"),
    ),
  };
}

function countOf(codes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of codes) counts[code.slice(0, 100)] = (counts[code.slice(0, 100)] ?? 0) + 1;
  return counts;
}

export function loadTable(rows: readonly LoadRow[]): string {
  const percent = (part: number, whole: number): string => `${((part / whole) * 100).toFixed(1)} %`;
  return table(
    [
      "plan",
      "per s",
      "Action",
      "path",
      "succeed",
      "right groups",
      "p50 ms",
      "p99 ms",
      "max ms",
      "calls",
      "429s",
    ],
    rows.map((row) => [
      row.plan,
      row.perSecond,
      row.subject,
      row.subject === "recipe" ? "any" : row.path,
      percent(row.succeeded, row.logins),
      percent(row.rightGroups, row.logins),
      shown(row.handler.p50),
      shown(row.handler.p99),
      shown(row.handler.max),
      shown(row.calls.token + row.calls.user),
      shown(row.calls.refused),
    ]),
  );
}
