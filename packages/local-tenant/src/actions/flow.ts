import type { TriggerCache } from "./cache.ts";
import { DependencyError } from "./dependencies.ts";
import { applyEffects, createGathered, outcomeOf, statusOf } from "./effects.ts";
import type { Gathered } from "./effects.ts";
import type { RunResult } from "./instance.ts";
import { PoolClosedError } from "./pool.ts";
import type { InstancePool, InstanceSpec } from "./pool.ts";
import type { Preparation } from "./preparation.ts";
import { isPlainObject } from "./parse-message.ts";
import type { DoneMessage } from "./protocol.ts";
import { ExecutionLog } from "./execution-log.ts";
import type {
  ActionRun,
  ActionTenant,
  DeployedAction,
  EntryPoint,
  FlowError,
  FlowOutcome,
  PostLoginFlow,
  TransactionValue,
} from "./types.ts";

/** All Actions of the trigger together: https://auth0.com/docs/customize/actions/limitations. */
const DEFAULT_BUDGET_MS = 20_000;

/** By which the Action's process goes too. A test may later put another Date in this process. */
const machineNow = Date.now;

/** What the flows of one tenant share. */
export interface FlowContext {
  readonly pool: InstancePool;
  readonly preparation: Preparation;
  readonly cache: TriggerCache;
  /** Whose flows they are. Its Actions see its clock too. */
  readonly tenant: ActionTenant;
  readonly isClosed: () => boolean;
}

interface Step {
  readonly action: DeployedAction;
  readonly entry: EntryPoint;
}

/** What is known about one step when it is over, beside what it logged. */
interface Timing {
  milliseconds: number;
  cold: boolean;
}

/** One sign-in on its way through the Actions of the trigger, one after another. */
export class FlowRun {
  readonly #flow: PostLoginFlow;
  readonly #context: FlowContext;
  readonly #event: string;
  readonly #gathered: Gathered;
  readonly #budget: number;
  /**
   * The budget is spent only while an Action runs, because in production a sign-in does not wait for a free
   * process or an installation.
   */
  #spent = 0;

  constructor(flow: PostLoginFlow, context: FlowContext) {
    this.#flow = flow;
    this.#context = context;
    this.#event = JSON.stringify(flow.event);
    this.#gathered = createGathered(flow.transactionMetadata ?? transactionMetadataOf(flow));
    this.#budget = flow.budgetMs ?? DEFAULT_BUDGET_MS;
  }

  async run(): Promise<FlowOutcome> {
    const runs: ActionRun[] = [];
    for (const step of planSteps(this.#flow)) {
      runs.push(await this.#runStep(step));
      if (statusOf(this.#gathered) !== "completed") break;
    }
    return { ...outcomeOf(this.#gathered), runs };
  }

  async #runStep(step: Step): Promise<ActionRun> {
    const { action, entry } = step;
    const log = new ExecutionLog();
    const timing: Timing = { milliseconds: 0, cold: true };
    try {
      const spec = await this.#context.preparation.prepare(action, log.warnings);
      this.#conclude(await this.#execute(spec, step, log, timing), action, log);
    } catch (error) {
      this.#gathered.error ??= failureOf(error, action.id);
    }
    log.finish();
    const { error } = this.#gathered;
    return {
      id: action.id,
      name: action.name,
      entry,
      ...timing,
      console: log.console,
      httpCalls: log.httpCalls(),
      warnings: log.warnings,
      ...(error === undefined ? {} : { error: error.message }),
    };
  }

  async #execute(
    spec: InstanceSpec,
    { action, entry }: Step,
    log: ExecutionLog,
    timing: Timing,
  ): Promise<Exclude<RunResult, { kind: "refused" }>> {
    const { pool, cache, tenant, isClosed } = this.#context;
    for (;;) {
      if (isClosed()) throw new PoolClosedError();
      const instance = await pool.acquire(spec, tenant.id);
      const request = {
        tenant: tenant.id,
        entry,
        event: this.#event,
        secrets: action.secrets,
        transactionMetadata: Object.fromEntries(this.#gathered.transaction),
        samlAttributes: Object.fromEntries(this.#gathered.saml),
        cache: cache.snapshot(),
        clockAhead: tenant.now() - machineNow(),
        headers: tenant.headers,
      };
      timing.cold = instance.fresh;
      const started = performance.now();
      const left = Math.max(1, this.#budget - this.#spent);
      const result = await instance.run(request, log, this.#flow.lookups, left);
      pool.release(instance, result.kind === "refused");
      if (result.kind === "refused") continue;
      timing.milliseconds = Math.round((performance.now() - started) * 10) / 10;
      this.#spent += timing.milliseconds;
      // A warm process may end because of something that an earlier sign-in left behind, before it has got
      // this sign-in.
      if (result.kind !== "ended" || result.started || timing.cold) return result;
    }
  }

  #conclude(
    result: Exclude<RunResult, { kind: "refused" }>,
    action: DeployedAction,
    log: ExecutionLog,
  ): void {
    if (this.#context.isClosed()) {
      this.#fail(action, "closed", new PoolClosedError().message);
    } else if (result.kind === "done") {
      this.#apply(result.message, action, log);
    } else if (result.kind === "timeout") {
      const seconds = this.#budget / 1000;
      this.#fail(action, "timeout", `The Actions of this sign-in took longer than ${seconds} seconds.`);
    } else {
      this.#fail(action, "crashed", `The process of the Action "${action.name}" ${result.reason}.`);
    }
  }

  #apply({ effects, error, changed, pending }: DoneMessage, action: DeployedAction, log: ExecutionLog): void {
    applyEffects(this.#gathered, effects, action.id, this.#context.cache);
    if (changed) log.warnings.push("The Action changed a built-in object, so its process is not used again.");
    if (pending.length > 0) {
      const kinds = pending.slice(0, 5).join(", ").slice(0, 200);
      log.warnings.push(`The Action left work behind (${kinds}), so its process is not used again.`);
    }
    if (error !== undefined) this.#fail(action, kindOf(error.kind), error.message);
  }

  #fail(action: DeployedAction, kind: FlowError["kind"], message: string): void {
    this.#gathered.error ??= { kind, message, actionId: action.id };
  }
}

/**
 * The Actions from the one that redirected onwards: only that one continues, because those after it have not
 * run yet. Where it is no longer bound, all run from the start, because none may be left out.
 */
function planSteps({ actions, entry, resumeAt }: PostLoginFlow): Step[] {
  const start =
    resumeAt === undefined
      ? 0
      : Math.max(
          0,
          actions.findIndex(({ id }) => id === resumeAt),
        );
  return actions.slice(start).map((action) => ({
    action,
    entry: action.id === resumeAt ? entry : "onExecutePostLogin",
  }));
}

function transactionMetadataOf({ event }: PostLoginFlow): Record<string, TransactionValue> {
  const transaction = event["transaction"];
  const metadata = isPlainObject(transaction) ? transaction["metadata"] : undefined;
  // SAFETY: the event is the tenant's own, in the documented shape, where metadata has only such values.
  return isPlainObject(metadata) ? (metadata as Record<string, TransactionValue>) : {};
}

function kindOf(kind: string): FlowError["kind"] {
  return kind === "signature" || kind === "unsupported" || kind === "limit" || kind === "crashed"
    ? kind
    : "thrown";
}

function failureOf(error: unknown, actionId: string): FlowError {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof PoolClosedError) return { kind: "closed", message, actionId };
  if (error instanceof DependencyError) return { kind: "dependency", message, actionId };
  return { kind: "crashed", message, actionId };
}
