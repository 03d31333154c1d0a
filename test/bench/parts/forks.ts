import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createTenant } from "../../../packages/local-tenant/src/index.ts";
import type { Tenant } from "../../../packages/local-tenant/src/index.ts";
import { fillState } from "../growth/server.ts";
import { range, rounded } from "../statistics.ts";
import type { Range } from "../statistics.ts";
import { keepDeployed } from "../subjects/ours.ts";
import { CLAIM, people } from "../subjects/people.ts";
import { CHECKOUT, sampleDirectoryFile } from "../../support/sample.ts";
import { shown, shownRange, table } from "../text.ts";
import type { Effort, Part } from "./part.ts";

interface Row {
  readonly users: number;
  /** Milliseconds. */
  readonly fork: Range;
  readonly snapshot: Range;
  readonly reset: Range;
  /** The first sign-in in a new fork, in milliseconds. */
  readonly firstSignIn: Range;
}

export interface ForkFigures {
  readonly rows: readonly Row[];
  readonly forks: number;
  readonly signIns: number;
  readonly signInSeconds: number;
  /** Kibibytes of JavaScript's memory for each fork: new, and after its sign-ins. */
  readonly fresh: number;
  readonly used: number;
}

const FORK_MS = 50;
const SNAPSHOT_MS = 20;
const SIGN_INS_SECONDS = 60;
const APPLICATION = "XYZ Admin Portal";
const AT_ONCE = 8;

interface Amount {
  readonly rounds: number;
  readonly users: number;
  readonly forks: number;
  readonly signIns: number;
}

const EFFORT: Readonly<Record<Effort, Amount>> = {
  full: { rounds: 25, users: 20_000, forks: 100, signIns: 1_000 },
  quick: { rounds: 9, users: 20_000, forks: 20, signIns: 200 },
  smoke: { rounds: 1, users: 10, forks: 2, signIns: 4 },
};

/** What a tenant for each test costs. */
export const forksPart: Part<ForkFigures> = {
  title: "A tenant for each test",

  async measure({ effort, folder, say }) {
    const { rounds, users, forks, signIns } = EFFORT[effort];
    const rows: Row[] = [];
    let many: Omit<ForkFigures, "rows" | "forks" | "signIns"> = { signInSeconds: 0, fresh: 0, used: 0 };
    for (const count of [10, users]) {
      const { state } = await keepDeployed(CHECKOUT, folder);
      await fillState(state, sampleDirectoryFile, { name: "forks", users: count });
      await using tenant = await createTenant({ state, directory: sampleDirectoryFile });
      await signIn(tenant, 0);
      rows.push({ users: count, ...(await measureOne(tenant, rounds)) });
      say(`${count} users: a fork takes ${shownRange(rows.at(-1)?.fork ?? range([]))} ms`);
      many = await measureMany(tenant, forks, signIns);
      say(`${signIns} sign-ins over ${forks} forks: ${shown(many.signInSeconds)} s`);
    }
    return { rows, forks, signIns, ...many };
  },

  show({ rows, forks, signIns, signInSeconds, fresh, used }) {
    return [
      "`fork`, `snapshot` and `reset` of a tenant with the stack deployed, and the first sign-in in a new fork, whose Action runs in a fresh instance of its module. Milliseconds:",
      table(
        ["users", "fork", "snapshot", "reset", "first sign-in"],
        rows.map(({ users, fork, snapshot, reset, firstSignIn }) => [
          shown(users),
          ...[fork, snapshot, reset, firstSignIn].map(shownRange),
        ]),
      ),
      `${shown(signIns)} sign-ins over ${shown(forks)} forks in one process, ${AT_ONCE} at once, take ${shown(signInSeconds)} s. A new fork takes ${shown(fresh)} KiB of the process's JavaScript memory, and ${shown(used)} KiB after its sign-ins.`,
    ].join("\n\n");
  },

  goals({ rows, forks, signIns, signInSeconds }) {
    const each = rows.flatMap(({ users, fork, snapshot, reset }) => {
      const goal = (what: string, most: number, measured: Range) => ({
        what: `${what} of a tenant with ${shown(users)} users`,
        goal: `under ${most} ms`,
        measured: `${shown(measured.median)} ms`,
        met: measured.median < most,
      });
      return [
        goal("Fork", FORK_MS, fork),
        goal("Snapshot", SNAPSHOT_MS, snapshot),
        goal("Reset", SNAPSHOT_MS, reset),
      ];
    });
    return [
      ...each,
      {
        what: `${shown(signIns)} sign-ins over ${shown(forks)} forks`,
        goal: `within ${SIGN_INS_SECONDS} s`,
        measured: `${shown(signInSeconds)} s`,
        met: signInSeconds <= SIGN_INS_SECONDS,
      },
    ];
  },
};

async function measureOne(tenant: Tenant, rounds: number): Promise<Omit<Row, "users">> {
  const [forks, snapshots, resets, signIns]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let round = 0; round < rounds; round += 1) {
    let fork: Tenant | undefined;
    forks.push(await timed(async () => void (fork = await tenant.fork())));
    if (fork === undefined) throw new Error("There is no fork.");
    const own = fork;
    snapshots.push(await timed(async () => void own.snapshot()));
    signIns.push(await timed(() => signIn(own, round)));
    resets.push(await timed(async () => own.reset()));
    await own.close();
  }
  return {
    fork: range(forks),
    snapshot: range(snapshots),
    reset: range(resets),
    firstSignIn: range(signIns),
  };
}

async function measureMany(
  tenant: Tenant,
  count: number,
  signIns: number,
): Promise<Omit<ForkFigures, "rows" | "forks" | "signIns">> {
  const before = memory();
  const forks = await Promise.all(Array.from({ length: count }, () => tenant.fork()));
  const fresh = memory();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let number = next; number < signIns; number = next) {
      next += 1;
      const fork = forks[number % forks.length];
      if (fork !== undefined) await signIn(fork, number);
    }
  };
  const milliseconds = await timed(() => Promise.all(Array.from({ length: AT_ONCE }, work)));
  const used = memory();
  for (const fork of forks) await fork.close();
  const each = (kibibytes: number): number => rounded(kibibytes / count);
  return {
    signInSeconds: rounded(milliseconds / 1000),
    fresh: each(fresh - before),
    used: each(used - before),
  };
}

async function signIn(tenant: Tenant, number: number): Promise<void> {
  const person = people[number % people.length];
  const { claims } = await tenant.signIn({ application: APPLICATION, employee: person?.email ?? "" });
  const groups = claims[CLAIM];
  if (!Array.isArray(groups) || groups.length !== person?.groups.length) throw new Error("Wrong groups.");
}

/** Kibibytes of JavaScript's memory in this process, after what is not used any more has been collected. */
function memory(): number {
  setFlagsFromString("--expose-gc");
  // SAFETY: with the flag, a new context has a function of this name.
  const collect = runInNewContext("gc") as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024;
}

async function timed(body: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await body();
  return performance.now() - started;
}
