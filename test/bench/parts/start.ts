import { range, rounded } from "../statistics.ts";
import type { Range } from "../statistics.ts";
import { subjectsOf } from "../subjects/all.ts";
import { execSeconds, nodeSeconds } from "../subjects/exec.ts";
import { loadedByStart } from "../subjects/modules.ts";
import type { Loaded } from "../subjects/modules.ts";
import { shown, shownRange, table } from "../text.ts";
import type { Bench, Effort, Goal, Part } from "./part.ts";

interface Row {
  readonly subject: string;
  readonly milliseconds: Range;
  /** Processor time until then, of all threads and processes. */
  readonly cpuMilliseconds?: Range;
  /** To oidc-provider in the same round. */
  readonly ratio?: Range;
}

export interface StartFigures {
  readonly rows: readonly Row[];
  /** Seconds of `exec true`, and of Node.js alone. */
  readonly exec: Range;
  readonly node: Range;
  /** Code that is loaded until the first answer. */
  readonly loaded: Loaded;
}

const REFERENCE = "oidc-provider";
const MOST = 0.75;
const EXEC_SECONDS = 0.6;
const ROUNDS: Readonly<Record<Effort, number>> = { full: 15, quick: 5, smoke: 1 };

/** How long one waits for a tenant. */
export const startPart: Part<StartFigures> = {
  title: "Start",

  async measure(bench) {
    const times = await startTimes(bench);
    const reference = times.get(REFERENCE);
    const [exec, node]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS[bench.effort]; round += 1) {
      exec.push(await execSeconds());
      node.push(await nodeSeconds());
    }
    bench.say(`exec true: ${shownRange(range(exec))} s, node: ${shownRange(range(node))} s`);
    return {
      rows: [...times].map(([subject, { each, cpu }]) => ({
        subject,
        milliseconds: range(each),
        ...(cpu.length > 0 && { cpuMilliseconds: range(cpu) }),
        ...(reference !== undefined && {
          ratio: range(each.map((time, round) => time / (reference.each[round] ?? Number.NaN))),
        }),
      })),
      exec: range(exec),
      node: range(node),
      loaded: await loadedByStart(),
    };
  },

  show({ rows, exec, node, loaded }) {
    return [
      "From the start of the process to the first answer of `/.well-known/openid-configuration`, which is asked for over and over. The kept tenant finds its state with the stack deployed and its certificate; the one in memory makes its keys and its certificate.",
      table(
        ["", "ms", `ratio to ${REFERENCE}`, "ms of processor time"],
        rows.map(({ subject, milliseconds, ratio, cpuMilliseconds }) => [
          subject,
          shownRange(milliseconds),
          ratio === undefined ? "-" : shownRange(ratio),
          cpuMilliseconds === undefined ? "-" : shownRange(cpuMilliseconds),
        ]),
      ),
      `\`exec true\`, which starts a tenant in memory, runs a command that does nothing and ends the tenant, takes ${shownRange(exec)} s; Node.js alone takes ${shownRange(node)} s. A tenant in memory loads ${shown(loaded.bytes / 1024)} KiB of code in ${shown(loaded.files)} files until its first answer.`,
    ].join("\n\n");
  },

  goals({ rows, exec }) {
    const starts = rows
      .filter(({ subject }) => subject.startsWith("ours"))
      .flatMap(({ subject, ratio }): Goal[] =>
        ratio === undefined
          ? []
          : [
              {
                what: `Start to the first answer, ${subject}`,
                goal: `at most ${MOST} of ${REFERENCE}`,
                measured: ratio.median.toFixed(3),
                met: ratio.median <= MOST,
              },
            ],
      );
    return [
      ...starts,
      {
        what: "`exec true`",
        goal: `under ${EXEC_SECONDS} s`,
        measured: `${shown(rounded(exec.median))} s`,
        met: exec.median < EXEC_SECONDS,
      },
    ];
  },
};

interface Times {
  readonly each: number[];
  readonly cpu: number[];
}

async function startTimes(bench: Bench): Promise<Map<string, Times>> {
  const subjects = await subjectsOf(bench);
  const times = new Map(subjects.map(({ name }): [string, Times] => [name, { each: [], cpu: [] }]));
  // The first start of each warms the disk's cache up, and deploys the stack for the one that keeps it.
  for (let round = -1; round < ROUNDS[bench.effort]; round += 1) {
    for (const subject of subjects) {
      const served = await subject.start();
      const usage = served.usage();
      await served.close();
      if (round < 0) continue;
      times.get(subject.name)?.each.push(served.startMilliseconds);
      if (usage !== undefined) times.get(subject.name)?.cpu.push(usage.cpuMilliseconds);
    }
  }
  for (const [name, { each }] of times) bench.say(`${name}: ${shownRange(range(each))} ms`);
  return times;
}
