import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import program from "../../../index.ts";
import { bundleAction } from "../../../stack/bundle.ts";
import { defaultSettings } from "../../support/default-settings.ts";
import { runWithMocks } from "../../support/pulumi-mocks.ts";
import { openStack } from "../stack/engine.ts";
import type { StackUnderTest, Tools } from "../stack/engine.ts";
import { kindsOf, LEAST } from "../stack/least.ts";
import type { Kind } from "../stack/least.ts";
import { startSeconds } from "../stack/npm-start.ts";
import { range } from "../statistics.ts";
import type { Range } from "../statistics.ts";
import { shown, shownRange, table } from "../text.ts";
import type { Bench, Effort, Part } from "./part.ts";

interface Operation {
  readonly name: string;
  readonly milliseconds: Range;
  /** Absent for what asks no tenant. */
  readonly requests?: readonly Kind[];
}

export interface StackFigures {
  /** Absent where there is no CLI at hand. */
  readonly tools?: Tools;
  readonly operations: readonly Operation[];
  /** Milliseconds of `npm start -- --once`. */
  readonly first?: Range;
  readonly second?: Range;
}

const FIRST_MS = 6_000;
const SECOND_MS = 3_000;

const EFFORT: Readonly<Record<Effort, { alone: number; rounds: number }>> = {
  full: { alone: 15, rounds: 3 },
  quick: { alone: 5, rounds: 1 },
  smoke: { alone: 1, rounds: 0 },
};

/** What is done with a stack, in this order. */
const STEPS: readonly (readonly [name: string, run: (test: StackUnderTest) => Promise<unknown>])[] = [
  ["preview", ({ engine }) => engine.stack.preview()],
  ["up", ({ engine }) => engine.stack.up({ showSecrets: false })],
  ["up without a change", ({ engine }) => engine.stack.up({ showSecrets: false })],
  ["refresh", ({ engine }) => engine.stack.refresh({ showSecrets: false })],
  ["destroy", ({ engine }) => engine.stack.destroy({ showSecrets: false })],
];

/** How long the stack takes, and what it asks of the tenant. */
export const stackPart: Part<StackFigures> = {
  title: "The stack",

  async measure(bench) {
    const { alone, rounds } = EFFORT[bench.effort];
    const bundles = await times(alone, async () => bundleAction(defaultSettings));
    const mocks = await times(alone, () => runWithMocks(program));
    const operations: Operation[] = [
      { name: "bundle", milliseconds: range(bundles) },
      { name: "program under mocks", milliseconds: range(mocks) },
    ];
    const engine = await measureEngine(bench, rounds);
    if (engine === undefined) return { operations };
    const [first, second]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      const folder = mkdtempSync(join(bench.folder, "start-"));
      first.push((await startSeconds(folder)) * 1000);
      second.push((await startSeconds(folder)) * 1000);
    }
    bench.say(`npm start: ${shownRange(range(first))} and ${shownRange(range(second))} ms`);
    return {
      tools: engine.tools,
      operations: [...operations, ...engine.operations],
      first: range(first),
      second: range(second),
    };
  },

  show({ tools, operations, first, second }) {
    const rows = operations.map(({ name, milliseconds, requests }) => [
      name,
      shownRange(milliseconds),
      requests === undefined ? "" : shown(total(requests, "count")),
      requests === undefined ? "" : shown(total(requests, "least")),
    ]);
    if (first !== undefined) rows.push(["`npm start -- --once`, the first", shownRange(first), "", ""]);
    if (second !== undefined) rows.push(["`npm start -- --once`, the second", shownRange(second), "", ""]);
    const kinds = operations.flatMap(({ name, requests }) =>
      (requests ?? []).map(({ request, count, least }) => [
        `${name}: ${request}`,
        shown(count),
        shown(least),
      ]),
    );
    return [
      tools === undefined
        ? "There was no Pulumi CLI at hand."
        : `The sample company's stack on a local tenant, by ${tools.cli} and ${tools.provider}. The engine's own processes take most of the time.`,
      table(["", "ms", "requests", "least"], rows),
      "The least is one request for each thing that is written, read or deleted, and one for a token: the answer of a write has all that was written, so that nothing needs to be read again. The provider sends what the `auth0` plugin sends, which reads a thing before and after it writes it, and asks for a list page by page until one is empty. `npm start` sends the requests of an `up`, and those of a sign-in; where it has never run, it bundles the program first.",
      ...(kinds.length === 0 ? [] : [table(["requests", "sent", "least"], kinds)]),
    ].join("\n\n");
  },

  goals({ first, second }) {
    const goal = (what: string, most: number, measured: Range | undefined) =>
      measured === undefined || measured.samples === 0
        ? []
        : [
            {
              what: `\`npm start -- --once\`, the ${what}`,
              goal: `at most ${shown(most)} ms`,
              measured: `${shown(measured.median)} ms`,
              met: measured.median <= most,
            },
          ];
    return [...goal("first", FIRST_MS, first), ...goal("second", SECOND_MS, second)];
  },
};

async function measureEngine(
  { folder, say }: Bench,
  rounds: number,
): Promise<{ tools: Tools; operations: Operation[] } | undefined> {
  const measured = new Map(STEPS.map(([name]): [string, number[]] => [name, []]));
  const requests = new Map<string, readonly Kind[]>();
  let tools: Tools | undefined;
  for (let round = 0; round < rounds; round += 1) {
    const test = await openStack(mkdtempSync(join(folder, "stack-")));
    if (test === undefined) return undefined;
    tools = test.tools;
    try {
      for (const [name, run] of STEPS) {
        measured.get(name)?.push(await timed(() => run(test)));
        requests.set(name, kindsOf(name, test.requests()));
      }
    } finally {
      await test.close();
    }
    say(`stack, round ${round + 1} is done`);
  }
  if (tools === undefined) return undefined;
  const operations = Object.keys(LEAST).map((name) => ({
    name,
    milliseconds: range(measured.get(name) ?? []),
    requests: requests.get(name) ?? [],
  }));
  return { tools, operations };
}

async function times(count: number, body: () => Promise<unknown>): Promise<number[]> {
  const all: number[] = [];
  for (let turn = 0; turn < count; turn += 1) all.push(await timed(body));
  return all;
}

async function timed(body: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await body();
  return performance.now() - started;
}

function total(kinds: readonly Kind[], what: "count" | "least"): number {
  return kinds.reduce((sum, kind) => sum + kind[what], 0);
}
