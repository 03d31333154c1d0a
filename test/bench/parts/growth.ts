import { setTimeout as sleep } from "node:timers/promises";
import { OPERATIONS, openServer } from "../growth/server.ts";
import type { Operation, Server } from "../growth/server.ts";
import { scenarios } from "../growth/scenarios.ts";
import { range, rounded } from "../statistics.ts";
import type { Range } from "../statistics.ts";
import { shown, shownRange, table } from "../text.ts";
import type { Bench, Effort, Goal, Part } from "./part.ts";

interface Row {
  readonly scenario: string;
  readonly milliseconds: Readonly<Record<Operation, Range>>;
  /** To the smallest tenant in the same round; absent for the smallest itself. */
  readonly ratio?: Readonly<Record<Operation, Range>>;
  /** Milliseconds from the start of the process to its first answer. */
  readonly restart: Range;
}

export interface GrowthFigures {
  readonly rounds: number;
  readonly rows: readonly Row[];
  /** Bytes that each user of the largest tenant takes. */
  readonly userBytes: { readonly users: number; readonly memory?: number; readonly disk: number };
}

const FLAT = 1.3;
const RESTART_MS = 1_000;
const SETTLE_MS = 1_500;
/** What each Action adds to a sign-in cannot be flat. */
const ACTIONS = "20 bound Actions";
const FLAT_OPERATIONS = OPERATIONS.filter(
  (name) => name !== "search users" && name !== "create a user",
) as Operation[];

const EFFORT: Readonly<Record<Effort, { rounds: number; turns: number; restarts: number; share: number }>> = {
  full: { rounds: 7, turns: 15, restarts: 5, share: 1 },
  quick: { rounds: 3, turns: 10, restarts: 2, share: 1 },
  smoke: { rounds: 1, turns: 1, restarts: 1, share: 0.01 },
};

/** How a tenant answers that has much of something. */
export const growthPart: Part<GrowthFigures> = {
  title: "Growth",

  async measure(bench) {
    const { rounds, share } = EFFORT[bench.effort];
    const [smallest, ...larger] = scenarios(share);
    if (smallest === undefined) throw new Error("There is nothing to compare with.");
    const base = await openServer(bench.folder, smallest);
    try {
      const idle = await idleOf(base);
      const rows: Row[] = [];
      let userBytes: GrowthFigures["userBytes"] = { users: 0, disk: 0 };
      for (const scenario of larger) {
        const server = await openServer(bench.folder, scenario);
        try {
          const more = scenario.users - smallest.users;
          if (more > userBytes.users) {
            const grown = await idleOf(server);
            const memory =
              grown === undefined || idle === undefined ? undefined : ((grown - idle) * 2 ** 20) / more;
            userBytes = {
              users: scenario.users,
              disk: rounded((server.diskBytes - base.diskBytes) / more),
              ...(memory !== undefined && { memory: rounded(memory) }),
            };
          }
          // Else what the smallest has compiled while it was compared with others would count for it.
          await base.restart();
          await warmUp(base, bench);
          await warmUp(server, bench);
          rows.push(...(await compare(bench, base, smallest.name, server, scenario.name, rows.length === 0)));
          bench.say(`${scenario.name}: done`);
        } finally {
          await server.close();
        }
      }
      return { rounds, rows, userBytes };
    } finally {
      await base.close();
    }
  },

  show({ rounds, rows, userBytes }) {
    const memory = userBytes.memory === undefined ? "" : `${shown(userBytes.memory)} bytes of memory and `;
    return [
      `The stack is deployed, and the tenant is kept in a folder. Each larger tenant takes turns with the smallest, ${rounds} rounds, one request at a time over TLS; medians of the rounds' medians, and in brackets the least and the most. A password is hashed where a user is made. With ${ACTIONS} each of them runs, so a sign-in takes longer by what they take. What the profile and the event of somebody with thousands of groups are larger, is written, sent to the Action's process and read there at each sign-in.`,
      "Milliseconds:",
      table(
        ["", ...OPERATIONS, "restart"],
        rows.map(({ scenario, milliseconds, restart }) => [
          scenario,
          ...OPERATIONS.map((operation) => shown(milliseconds[operation].median)),
          shownRange(restart),
        ]),
      ),
      "Ratio to the smallest in the same round:",
      table(
        ["", ...OPERATIONS],
        rows.flatMap(({ scenario, ratio }) =>
          ratio === undefined ? [] : [[scenario, ...OPERATIONS.map((name) => shownRange(ratio[name]))]],
        ),
      ),
      `A user takes ${memory}${shown(userBytes.disk)} bytes of disk, at ${shown(userBytes.users)} users.`,
    ].join("\n\n");
  },

  goals({ rows, userBytes }) {
    const flat = rows.flatMap(({ scenario, ratio }) => (ratio === undefined ? [] : [worst(scenario, ratio)]));
    const largest = rows.find(({ scenario }) => scenario === `${shown(userBytes.users)} users`);
    if (largest === undefined) return flat;
    const restart: Goal = {
      what: `Restart with ${largest.scenario}`,
      goal: `under ${shown(RESTART_MS)} ms`,
      measured: `${shown(largest.restart.median)} ms`,
      met: largest.restart.median < RESTART_MS,
    };
    return [...flat, restart];
  },
};

/** The request of a scenario that has grown most. */
function worst(scenario: string, ratio: Readonly<Record<Operation, Range>>): Goal {
  const names = FLAT_OPERATIONS.filter((name) => name !== "sign-in" || scenario !== ACTIONS);
  const [most = "sign-in"] = names.toSorted((one, other) => ratio[other].median - ratio[one].median);
  const { median } = ratio[most];
  return {
    what: `Sign-in, get and PATCH with ${scenario}`,
    goal: `within ${FLAT} of the smallest`,
    measured: `${shown(median)} (${most})`,
    met: median <= FLAT,
  };
}

async function idleOf({ served }: Server): Promise<number | undefined> {
  await sleep(SETTLE_MS);
  return served.usage()?.mebibytes;
}

async function warmUp(server: Server, { effort }: Bench): Promise<void> {
  const { turns } = EFFORT[effort];
  for (const operation of OPERATIONS) {
    const times = operation === "create a user" ? 1 : turns * 8;
    for (let turn = 0; turn < times; turn += 1) await server.run(operation);
  }
}

/** Rows of the larger tenant and, the first time, of the smallest. */
async function compare(
  { effort }: Bench,
  base: Server,
  baseName: string,
  server: Server,
  name: string,
  first: boolean,
): Promise<Row[]> {
  const { rounds, turns, restarts } = EFFORT[effort];
  const [small, large] = [emptyTimes(), emptyTimes()];
  for (let round = 0; round < rounds; round += 1) {
    for (const operation of OPERATIONS) {
      const [ofSmall, ofLarge]: [number[], number[]] = [[], []];
      for (let turn = 0; turn < turns; turn += 1) {
        if (operation === "create a user" && turn > 2) break;
        // Another one begins each turn.
        const smallFirst = (turn + round) % 2 === 0;
        if (smallFirst) ofSmall.push(await base.run(operation));
        ofLarge.push(await server.run(operation));
        if (!smallFirst) ofSmall.push(await base.run(operation));
      }
      small[operation].push(range(ofSmall).median);
      large[operation].push(range(ofLarge).median);
    }
  }
  const [smallRestarts, largeRestarts]: [number[], number[]] = [[], []];
  for (let restart = 0; restart < restarts; restart += 1) {
    largeRestarts.push(await server.restart());
    if (first) smallRestarts.push(await base.restart());
  }
  const larger: Row = {
    scenario: name,
    milliseconds: mapTimes((operation) => range(large[operation])),
    ratio: mapTimes((operation) =>
      range(large[operation].map((time, round) => time / (small[operation][round] ?? Number.NaN))),
    ),
    restart: range(largeRestarts),
  };
  if (!first) return [larger];
  const milliseconds = mapTimes((operation) => range(small[operation]));
  return [{ scenario: baseName, milliseconds, restart: range(smallRestarts) }, larger];
}

function emptyTimes(): Record<Operation, number[]> {
  return mapTimes(() => []);
}

function mapTimes<Value>(value: (operation: Operation) => Value): Record<Operation, Value> {
  // SAFETY: the operations are exactly the keys.
  return Object.fromEntries(OPERATIONS.map((name) => [name, value(name)])) as Record<Operation, Value>;
}
