import { TriggerCache } from "./cache.ts";
import { FlowRun } from "./flow.ts";
import { InstancePool } from "./pool.ts";
import { Preparation } from "./preparation.ts";
import type { ActionRunner, ActionRunnerOptions } from "./types.ts";

const DEFAULT_INSTANCES = 8;
const DEFAULT_IDLE_MS = 60_000;

/** Makes the place where deployed Actions run. No process is started before the first flow. */
export function createActionRunner(options: ActionRunnerOptions = {}): ActionRunner {
  const { maxInstances = DEFAULT_INSTANCES, idleMs = DEFAULT_IDLE_MS, now = Date.now } = options;
  const pool = new InstancePool(maxInstances, idleMs);
  const preparation = new Preparation(options);
  const cache = new TriggerCache(now);
  return {
    run: (flow) => new FlowRun(flow, { pool, preparation, cache, now }).run(),
    async close() {
      await pool.close();
      preparation.close();
    },
  };
}
