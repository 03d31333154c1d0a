import { createRequire } from "node:module";
import type { ActionRunner, PostLoginFlow } from "../../../packages/local-tenant/src/actions/types.ts";
import { foundCompany } from "../action/company.ts";
import { logIn } from "../action/logins.ts";
import { spread } from "../statistics.ts";
import type { Spread } from "../statistics.ts";
import { shown, table } from "../text.ts";
import type { Effort, Part } from "./part.ts";

export interface ActionProcessFigures {
  /** In this process, without isolation. */
  readonly call: Spread;
  readonly warm: Spread;
  readonly cold: Spread;
}

const WARM_OVER_CALL_MS = 1;
const COLD_MS = 80;

const EFFORT: Readonly<Record<Effort, { warm: number; cold: number }>> = {
  full: { warm: 3_000, cold: 25 },
  quick: { warm: 1_000, cold: 7 },
  smoke: { warm: 5, cold: 1 },
};

/** What it costs to run the Action in a process of its own. */
export const actionProcessPart: Part<ActionProcessFigures> = {
  title: "The Action's process",

  async measure({ effort, say }) {
    const { warm, cold } = EFFORT[effort];
    const company = await foundCompany();
    try {
      const tenant = await company.open("ours");
      try {
        const { actions } = tenant.context;
        const flow = await flowOf(
          (runner) => logIn(tenant, { number: 0, path: "free", plain: true, runner }),
          actions,
        );
        const [action] = flow.actions;
        if (action === undefined) throw new Error("No Action is bound.");
        const handler = handlerOf(action.code);
        const [calls, warmRuns, coldRuns]: [number[], number[], number[]] = [[], [], []];
        for (let run = -100; run < warm; run += 1) {
          const call = await timed(() => handler(structuredClone(flow.event), api()));
          const isolated = await timed(() => actions.run(flow));
          if (run < 0) continue;
          calls.push(call);
          warmRuns.push(isolated);
        }
        say("warm runs are done");
        for (let run = 0; run < cold; run += 1) {
          const fresh = { ...flow, actions: [{ ...action, id: `cold-${run}`, versionId: `cold-${run}` }] };
          coldRuns.push(await timed(() => actions.run(fresh)));
        }
        return { call: spread(calls), warm: spread(warmRuns), cold: spread(coldRuns) };
      } finally {
        await tenant.close();
      }
    } finally {
      company.remove();
    }
  },

  show({ call, warm, cold }) {
    const row = (name: string, { samples, p50, p99, max }: Spread) => [
      name,
      shown(samples),
      shown(p50),
      shown(p99),
      shown(max),
    ];
    return [
      "The stack's Action with the event of a real sign-in: called in the tenant's own process, and run as the tenant runs it, in a process of its own, the two in turn. A cold run is the first of a new version.",
      table(
        ["milliseconds", "runs", "p50", "p99", "max"],
        [row("call in process", call), row("warm", warm), row("cold", cold)],
      ),
    ].join("\n\n");
  },

  goals({ call, warm, cold }) {
    const over = warm.p50 - call.p50;
    return [
      {
        what: "Warm run of an Action over a call in process, p50",
        goal: `under ${WARM_OVER_CALL_MS} ms`,
        measured: `${shown(over)} ms`,
        met: over < WARM_OVER_CALL_MS,
      },
      {
        what: "Cold run of an Action, p50",
        goal: `under ${COLD_MS} ms`,
        measured: `${shown(cold.p50)} ms`,
        met: cold.p50 < COLD_MS,
      },
    ];
  },
};

/** The flow that a sign-in gives the tenant's runner. */
async function flowOf(
  signIn: (runner: ActionRunner) => Promise<unknown>,
  actions: ActionRunner,
): Promise<PostLoginFlow> {
  let caught: PostLoginFlow | undefined;
  await signIn({
    ...actions,
    run(flow) {
      caught = flow;
      return actions.run(flow);
    },
  });
  if (caught === undefined) throw new Error("No Action ran.");
  return caught;
}

type Handler = (event: unknown, api: unknown) => Promise<unknown>;

/** The handler of an Action's source, loaded as any CommonJS module. */
function handlerOf(code: string): Handler {
  const module: { exports: { onExecutePostLogin?: Handler } } = { exports: {} };
  const require = createRequire(import.meta.url);
  // The bundle of this project is what is run here, without the isolation that is measured beside it.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const load = new Function("module", "exports", "require", "console", code) as (...args: unknown[]) => void;
  load(module, module.exports, require, { log: () => undefined });
  const { onExecutePostLogin } = module.exports;
  if (onExecutePostLogin === undefined) throw new Error("The Action has no onExecutePostLogin.");
  return onExecutePostLogin;
}

/** An `api` that takes everything and does nothing. */
function api(): unknown {
  const nothing: unknown = new Proxy(() => undefined, { get: () => nothing, apply: () => undefined });
  return nothing;
}

async function timed(body: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await body();
  return performance.now() - started;
}
