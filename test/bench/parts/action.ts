import { measureCalls, callsTable } from "../action/calls.ts";
import type { CallsRow } from "../action/calls.ts";
import { foundCompany } from "../action/company.ts";
import { FAULTS, latencyTable, measureLatency } from "../action/latency.ts";
import type { LatencyOptions, LatencyRow } from "../action/latency.ts";
import { loadTable, measureLoad } from "../action/load.ts";
import type { LoadOptions, LoadRow } from "../action/load.ts";
import { measureSize, sizeTable } from "../action/size.ts";
import type { SizeRow } from "../action/size.ts";
import { shown } from "../text.ts";
import type { Effort, Part } from "./part.ts";

export interface ActionFigures {
  readonly calls: readonly CallsRow[];
  readonly load: readonly LoadRow[];
  readonly latency: readonly LatencyRow[];
  readonly size: readonly SizeRow[];
}

interface Amount {
  readonly calls: number;
  readonly load: LoadOptions;
  readonly latency: LatencyOptions;
  readonly loads: number;
}

const EFFORT: Readonly<Record<Effort, Amount>> = {
  full: {
    calls: 1_000,
    load: { rates: [20, 100], seconds: 5, plans: ["free", "enterprise"], processes: 4 },
    latency: { warm: 2_000, cold: 10, rounds: 1, lanes: 4, turns: 4, faults: Object.keys(FAULTS) },
    loads: 11,
  },
  quick: {
    calls: 100,
    load: { rates: [20], seconds: 3, plans: ["enterprise"], processes: 4 },
    latency: { warm: 500, cold: 3, rounds: 1, lanes: 4, turns: 4, faults: ["healthy", "hangs", "500"] },
    loads: 5,
  },
  smoke: {
    calls: 4,
    load: { rates: [20], seconds: 0.2, plans: ["enterprise"], processes: 1 },
    latency: { warm: 5, cold: 1, rounds: 1, lanes: 1, turns: 2, faults: ["500"] },
    loads: 1,
  },
};

/** The stack's Action beside the recipe that it replaces. */
export const actionPart: Part<ActionFigures> = {
  title: "The Action beside the recipe that it replaces",

  async measure({ effort, say }) {
    const { calls, load, latency, loads } = EFFORT[effort];
    const company = await foundCompany();
    const progress = ({ subject, ...row }: { subject: string }): void =>
      say(`${subject} ${JSON.stringify(row).slice(0, 160)}`);
    try {
      return {
        calls: await measureCalls(company, calls),
        load: await measureLoad(company, load, progress),
        latency: await measureLatency(company, latency, progress),
        size: measureSize(loads),
      };
    } finally {
      company.remove();
    }
  },

  show({ calls, load, latency, size }) {
    const late = load
      .filter(({ latestStart }) => latestStart > 500)
      .map(
        ({ plan, perSecond, subject, latestStart }) =>
          `The machine fell behind the schedule by ${shown(latestStart)} ms: ${plan}, ${perSecond}/s, ${subject}.`,
      );
    return [INTRODUCTION, "### Calls to the tenant's APIs", callsTable(calls), LOAD, loadTable(load)]
      .concat(late)
      .concat([LATENCY, latencyTable(latency), SIZE, sizeTable(size)])
      .join("\n\n");
  },

  goals: () => [],
};

const INTRODUCTION = `The recipe takes a new client, a new token and the whole user at every sign-in, and handles no errors
([recipe.cjs](../test/bench/action/recipe.cjs)). Both run on the local tenant, deployed by this stack. **Free** is the usual path: the groups are in the event.
**Fallback** is the same sign-in with an event that carries none, so that the Management API is asked. Directory sync is off, or the fallback would never be used.`;

const LOAD = `### Many sign-ins a second, under Auth0's limits

The post-login trigger is driven, not the browser's part of a sign-in, in a few Action processes with any number of sign-ins side by side. Logins begin on
a fixed schedule, whatever became of those before. Milliseconds are the handler's own; 20,000 stands for a login that production would end. Free has 2
Management API calls a second, Enterprise 16 and 50 at once. No Action gets more groups through them than that: make the free path work. What the Action adds is that everyone signs in, that nobody waits past the
deadline, and that after the first refusal an instance asks no more until the limit is over.`;

const LATENCY = `### Time that a sign-in takes longer

Milliseconds: the handler's own time in its process, then ("all") the whole trigger with the way to the process and back, a cold one's start included.
Each fault hits every user read. \`401\` to \`truncated JSON\` end without groups at once or after one second try; \`429\` waits for the limit's end where that is in time; \`hangs\` ends at the
deadline.`;

const SIZE = `### Source

Bytes as they are uploaded, and milliseconds to compile and run the module in a fresh process, the packages it requires at its top among them.`;
