import type { Fault } from "../../../packages/local-tenant/src/index.ts";
import type { RunningTenant } from "../../../packages/local-tenant/src/running-tenant.ts";
import type { Company, Subject } from "./company.ts";
import { logIn } from "./logins.ts";
import type { Login, Path } from "./logins.ts";
import { spread } from "../statistics.ts";
import type { Spread } from "../statistics.ts";
import { shown, table } from "../text.ts";

/** What an Action adds to a login under one condition. */
export interface LatencyRow {
  readonly condition: string;
  readonly subject: Subject;
  readonly path: Path;
  readonly succeeded: number;
  readonly rightGroups: number;
  /** The handler's own milliseconds, measured in the Action's process. */
  readonly handler: Spread;
  /** The whole post-login trigger: with the way to the process and back, and its start where it is cold. */
  readonly trigger: Spread;
}

export interface LatencyOptions {
  readonly warm: number;
  readonly cold: number;
  /** Rounds for each fault. */
  readonly rounds: number;
  /** Processes side by side in a round; more than four would wait for each other on two cores. */
  readonly lanes: number;
  /**
   * Logins in a row; fewer than five, or our Action would leave the API alone: a pause would look like a
   * quick answer.
   */
  readonly turns: number;
  /** Names of the faults to measure; all unless given. */
  readonly faults?: readonly string[];
}

const USER = "/api/v2/users/*";

/** Ways in which reading the user goes wrong. */
export const FAULTS: Readonly<Record<string, readonly Fault[]>> = {
  healthy: [],
  "50 ms": [{ kind: "latency", value: 50, path: USER, share: 1 }],
  "2 s": [{ kind: "latency", value: 2000, path: USER, share: 1 }],
  hangs: [{ kind: "hang", path: USER, share: 1 }],
  resets: [{ kind: "reset", path: USER, share: 1 }],
  "500": [{ kind: "status", value: 500, path: USER, share: 1 }],
  "429": [{ kind: "status", value: 429, path: USER, share: 1 }],
  "401": [{ kind: "status", value: 401, path: USER, share: 1 }],
  HTML: [{ kind: "html", path: USER, share: 1 }],
  "truncated JSON": [{ kind: "truncate", path: USER, share: 1 }],
};

/** Times single logins in the tenant's own Action processes, each of which has one sign-in at a time. */
export async function measureLatency(
  company: Company,
  options: LatencyOptions,
  report: (row: LatencyRow) => void,
): Promise<LatencyRow[]> {
  const rows: LatencyRow[] = [];
  const add = (row: LatencyRow): void => {
    rows.push(row);
    report(row);
  };
  for (const subject of ["recipe", "ours"] as const) {
    const tenant = await company.open(subject);
    try {
      for (const path of subject === "ours" ? (["free", "fallback"] as const) : (["free"] as const)) {
        add(rowOf("cold instance", subject, path, await cold(tenant, path, options.cold)));
      }
      if (subject === "ours") add(rowOf("warm instance", subject, "free", await warm(tenant, options.warm)));
      for (const [name, faults] of Object.entries(FAULTS)) {
        if (options.faults?.includes(name) === false) continue;
        const logins = await faulty(tenant, subject + name, faults, options);
        add(rowOf(`API: ${name}`, subject, "fallback", logins));
      }
    } finally {
      await tenant.close();
    }
  }
  return rows;
}

async function cold(tenant: RunningTenant, path: Path, count: number): Promise<Login[]> {
  const logins: Login[] = [];
  for (let number = 0; number < count; number += 1) {
    logins.push(await logIn(tenant, { number, path, instance: `cold-${path}-${number}` }));
  }
  return logins;
}

async function warm(tenant: RunningTenant, count: number): Promise<Login[]> {
  const login = (number: number): Promise<Login> => logIn(tenant, { number, path: "free", instance: "warm" });
  for (let number = 0; number < 100; number += 1) await login(number);
  const logins: Login[] = [];
  for (let number = 0; number < count; number += 1) logins.push(await login(number));
  return logins;
}

/**
 * In each round new processes, warmed up before the fault begins; then a few logins in each, the processes
 * side by side.
 */
async function faulty(
  tenant: RunningTenant,
  name: string,
  faults: readonly Fault[],
  { rounds, lanes: count, turns }: LatencyOptions,
): Promise<Login[]> {
  const logins: Login[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const lanes = Array.from({ length: count }, (_, lane) => `${name}-${round}-${lane}`);
    const login = (instance: string, number: number): Promise<Login> =>
      logIn(tenant, { number, path: "fallback", instance });
    await Promise.all(lanes.map(login));
    tenant.context.faults.replace(faults);
    const each = lanes.map(async (instance, lane) => {
      for (let turn = 0; turn < turns; turn += 1) logins.push(await login(instance, lane + turn));
    });
    await Promise.all(each);
    tenant.context.faults.replace([]);
  }
  return logins;
}

function rowOf(condition: string, subject: Subject, path: Path, logins: readonly Login[]): LatencyRow {
  return {
    condition,
    subject,
    path,
    succeeded: logins.filter(({ succeeded }) => succeeded).length,
    rightGroups: logins.filter(({ rightGroups }) => rightGroups).length,
    // A handler that did not end was ended with its process, after the whole trigger's time.
    handler: spread(logins.map(({ handler, milliseconds }) => handler ?? milliseconds)),
    trigger: spread(logins.map(({ milliseconds }) => milliseconds)),
  };
}

export function latencyTable(rows: readonly LatencyRow[]): string {
  return table(
    [
      "condition",
      "Action",
      "path",
      "logins",
      "succeed",
      "groups",
      "p50",
      "p99",
      "max",
      "all p50",
      "all p99",
      "all max",
    ],
    rows.map(({ condition, subject, path, succeeded, rightGroups, handler, trigger }) => [
      condition,
      subject,
      subject === "recipe" ? "any" : path,
      shown(handler.samples),
      shown(succeeded),
      shown(rightGroups),
      ...[handler, trigger].flatMap(({ p50, p99, max }) => [shown(p50), shown(p99), shown(max)]),
    ]),
  );
}
