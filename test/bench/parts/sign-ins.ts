import { alternate, begin } from "../client/alternate.ts";
import type { Cell, Running } from "../client/alternate.ts";
import { profileSignIns } from "../subjects/profile.ts";
import type { Share } from "../subjects/profile.ts";
import { FLUSHED } from "../subjects/ours.ts";
import { flushedTenant, subjectsOf } from "../subjects/all.ts";
import { range, rounded } from "../statistics.ts";
import type { Range } from "../statistics.ts";
import { shown, shownRange, table } from "../text.ts";
import type { Effort, Goal, Part } from "./part.ts";

/** A subject at one number of sign-ins at once. */
interface Row {
  readonly subject: string;
  readonly atOnce: number;
  readonly perSecond: Range;
  /** To oidc-provider in the same round. */
  readonly ratio?: Range;
  /** Processor time of the server for one sign-in. */
  readonly cpuMilliseconds?: Range;
  /** That one sign-in takes, at the median. */
  readonly milliseconds: Range;
}

interface About {
  readonly subject: string;
  readonly what: string;
  readonly requests: number;
  readonly signatures: number;
  /** Mebibytes of all its processes after the runs. */
  readonly mebibytes?: number;
}

export interface SignInFigures {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUp: number;
  readonly rows: readonly Row[];
  readonly about: readonly About[];
  /** Processor time that the client itself needs for one sign-in at ours. */
  readonly clientMilliseconds: number;
  /** Where the kept tenant's own thread spends its time. */
  readonly profile?: readonly Share[];
}

const REFERENCE = "oidc-provider";
const AT_ONCE = [1, 8, 32];
const MUST: Readonly<Record<number, number>> = { 1: 0.6, 8: 0.5, 32: 0.5 };
const MOONSHOT = 600;

interface Amount {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUp: number;
  /** Sign-ins under a profiler; none where there is no time for it. */
  readonly profiled: number;
}

const EFFORT: Readonly<Record<Effort, Amount>> = {
  full: { rounds: 5, seconds: 2, warmUp: 300, profiled: 3_000 },
  quick: { rounds: 3, seconds: 1, warmUp: 150, profiled: 0 },
  smoke: { rounds: 1, seconds: 0.2, warmUp: 2, profiled: 0 },
};

/** Sign-ins a second, beside other servers that sign people in on a laptop. */
export const signInsPart: Part<SignInFigures> = {
  title: "Sign-ins a second",

  async measure(bench) {
    const flushed = bench.effort === "full" ? [flushedTenant(bench)] : [];
    const subjects = [...(await subjectsOf(bench)), ...flushed];
    const { rounds, seconds, warmUp, profiled } = EFFORT[bench.effort];
    const profile = profiled === 0 ? undefined : await profileSignIns(bench.folder, profiled);
    const running: Running[] = [];
    try {
      for (const subject of subjects) running.push(await begin(subject, warmUp, bench.say));
      const cells = await alternate(running, { atOnce: AT_ONCE, rounds, seconds, say: bench.say });
      const about = running.map(({ subject, served, requests, signatures }) => {
        const usage = served.usage();
        return {
          subject: subject.name,
          what: subject.what,
          requests: rounded(requests),
          signatures: rounded(signatures),
          ...(usage !== undefined && { mebibytes: rounded(usage.mebibytes) }),
        };
      });
      const clientMilliseconds = range(
        cells.filter(({ subject }) => subject.startsWith("ours")).flatMap(({ client }) => client),
      ).median;
      const rows = rowsOf(cells);
      const figures = { rounds, seconds, warmUp, rows, about, clientMilliseconds };
      return profile === undefined ? figures : { ...figures, profile };
    } finally {
      for (const { served } of running) await served.close();
    }
  },

  show({ rows, about, rounds, seconds, warmUp, clientMilliseconds, profile }) {
    const flushed = rows.some(({ subject }) => subject === FLUSHED)
      ? ` \`${FLUSHED}\` is the kept tenant whose changes are on the disk itself before they are answered, so that a power cut does not take them.`
      : "";
    const names = [...new Set(rows.map(({ subject }) => subject))];
    const cell = (subject: string, atOnce: number, text: (row: Row) => string): string => {
      const row = rows.find((candidate) => candidate.subject === subject && candidate.atOnce === atOnce);
      return row === undefined ? "-" : text(row);
    };
    const each = (text: (row: Row) => string) =>
      table(
        ["at once", ...AT_ONCE.map(String)],
        names.map((name) => [name, ...AT_ONCE.map((atOnce) => cell(name, atOnce, text))]),
      );
    return [
      `A sign-in is authorize, form, callback and token with PKCE; the RS256 signature, the nonce and the groups in the ID token are checked. All go over TLS, and the client is a process of its own on the same machine, which needs ${shown(clientMilliseconds)} ms of processor time for a sign-in. Each of the workers keeps one connection as a browser, with new cookies for each sign-in, and one as an application. The servers take turns, ${rounds} rounds of ${seconds} s each after ${warmUp} sign-ins to warm up; medians, with the least and the most of the rounds.${flushed}`,
      table(
        ["", "version", "requests", "signatures", "MiB after the runs"],
        about.map(({ subject, what, requests, signatures, mebibytes }) => [
          subject,
          what,
          shown(requests),
          shown(signatures),
          shown(mebibytes ?? Number.NaN),
        ]),
      ),
      "Sign-ins a second:",
      each(({ perSecond }) => shownRange(perSecond)),
      `Ratio to ${REFERENCE} in the same round:`,
      each(({ ratio }) => (ratio === undefined ? "-" : shownRange(ratio))),
      "Processor time of the server's processes for one sign-in, in milliseconds:",
      each(({ cpuMilliseconds }) => (cpuMilliseconds === undefined ? "-" : shownRange(cpuMilliseconds))),
      "Milliseconds that one sign-in takes:",
      each(({ milliseconds }) => shownRange(milliseconds)),
      ...(profile === undefined ? [] : profileTable(profile)),
    ].join("\n\n");
  },

  goals({ rows }) {
    return rows
      .filter(({ subject }) => subject.startsWith("ours"))
      .flatMap(({ subject, atOnce, ratio, perSecond }): Goal[] => {
        const what = `Sign-ins a second, ${subject}, ${atOnce} at once`;
        const most: Goal = {
          what,
          goal: `${MOONSHOT}/s (moonshot)`,
          measured: `${shown(perSecond.median)}/s`,
          met: perSecond.median >= MOONSHOT,
        };
        const to = (goal: number, word: string): Goal[] =>
          ratio === undefined
            ? []
            : [
                {
                  what,
                  goal: `${goal} of ${REFERENCE} (${word})`,
                  measured: ratio.median.toFixed(3),
                  met: ratio.median >= goal,
                },
              ];
        return [...to(MUST[atOnce] ?? 0, "must"), ...to(1, "aim"), ...(atOnce === 32 ? [most] : [])];
      });
  },
};

function profileTable(profile: readonly Share[]): string[] {
  return [
    "Where the kept tenant's own thread spends its time, 8 at once; signatures and the Action are elsewhere. Native code is TLS, the kernel and whatever else is not JavaScript; `Node.js: modules` is the start:",
    table(
      ["", "percent"],
      profile.map(({ place, percent }) => [place, shown(percent)]),
    ),
  ];
}

function rowsOf(cells: readonly Cell[]): Row[] {
  return cells.map(({ subject, atOnce, perSecond, cpu, milliseconds }) => {
    const reference = cells.find((cell) => cell.subject === REFERENCE && cell.atOnce === atOnce);
    const ratios = perSecond.map((rate, round) => rate / (reference?.perSecond[round] ?? Number.NaN));
    return {
      subject,
      atOnce,
      perSecond: range(perSecond),
      ...(reference !== undefined && { ratio: range(ratios) }),
      ...(cpu.length > 0 && { cpuMilliseconds: range(cpu) }),
      milliseconds: range(milliseconds),
    };
  });
}
