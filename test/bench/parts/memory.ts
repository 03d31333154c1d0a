import { setTimeout as sleep } from "node:timers/promises";
import { press } from "../client/press.ts";
import { learn } from "../client/sign-in.ts";
import { range, rounded } from "../statistics.ts";
import type { Range } from "../statistics.ts";
import { subjectsOf } from "../subjects/all.ts";
import type { Served, Subject } from "../subjects/subject.ts";
import { shown, shownRange, table } from "../text.ts";
import type { Effort, Part } from "./part.ts";

interface Row {
  readonly subject: string;
  /** Mebibytes. */
  readonly idle: Range;
  readonly after: Range;
  readonly processes: number;
}

export interface MemoryFigures {
  readonly signIns: number;
  readonly rows: readonly Row[];
}

const IDLE = 90;
const AFTER = 180;
const EFFORT: Readonly<Record<Effort, { rounds: number; signIns: number }>> = {
  full: { rounds: 2, signIns: 5_000 },
  quick: { rounds: 1, signIns: 1_000 },
  smoke: { rounds: 1, signIns: 2 },
};
/** Long enough for garbage to be collected that a server collects when it has nothing to do. */
const SETTLE_MS = 2_000;

/** How much memory a tenant takes. */
export const memoryPart: Part<MemoryFigures> = {
  title: "Memory",

  async measure(bench) {
    const { rounds, signIns } = EFFORT[bench.effort];
    const rows: Row[] = [];
    for (const subject of await subjectsOf(bench)) {
      // It needs minutes for so many sign-ins, and says nothing about ours.
      if (subject.name === "simulacrum") continue;
      const [idle, after]: [number[], number[]] = [[], []];
      let processes = 0;
      for (let round = 0; round < rounds; round += 1) {
        const measured = await measure(subject, signIns);
        if (measured === undefined) break;
        idle.push(measured.idle);
        after.push(measured.after);
        processes = measured.processes;
      }
      const row = { subject: subject.name, idle: range(idle), after: range(after), processes };
      bench.say(`${subject.name}: idle ${shownRange(row.idle)} MiB, after ${shownRange(row.after)} MiB`);
      rows.push(row);
    }
    return { signIns, rows };
  },

  show({ signIns, rows }) {
    return [
      `The proportional set size of all processes of a server, the Actions' among them: a page that several processes share counts in parts. Idle is two seconds after discovery has answered, with the sample directory; the other is two seconds after ${shown(signIns)} sign-ins, 8 at once.`,
      table(
        ["", "idle, MiB", `after ${shown(signIns)} sign-ins, MiB`, "processes then"],
        rows.map(({ subject, idle, after, processes }) => [
          subject,
          shownRange(idle),
          shownRange(after),
          processes,
        ]),
      ),
    ].join("\n\n");
  },

  goals({ signIns, rows }) {
    return rows
      .filter(({ subject }) => subject.startsWith("ours"))
      .flatMap(({ subject, idle, after }) => [
        {
          what: `Memory, ${subject}, idle`,
          goal: `under ${IDLE} MiB`,
          measured: `${shown(rounded(idle.median))} MiB`,
          met: idle.median < IDLE,
        },
        {
          what: `Memory, ${subject}, after ${shown(signIns)} sign-ins`,
          goal: `under ${AFTER} MiB`,
          measured: `${shown(rounded(after.median))} MiB`,
          met: after.median < AFTER,
        },
      ]);
  },
};

async function measure(
  subject: Subject,
  signIns: number,
): Promise<{ idle: number; after: number; processes: number } | undefined> {
  const served: Served = await subject.start();
  try {
    await sleep(SETTLE_MS);
    const idle = served.usage();
    await press(await learn(await served.target()), 8, { signIns });
    await sleep(SETTLE_MS);
    const after = served.usage();
    if (idle === undefined || after === undefined) return undefined;
    return { idle: idle.mebibytes, after: after.mebibytes, processes: after.processes };
  } finally {
    await served.close();
  }
}
