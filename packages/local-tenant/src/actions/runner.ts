import { TriggerCache } from "./cache.ts";
import { FlowRun } from "./flow.ts";
import type { FlowContext } from "./flow.ts";
import { InstancePool } from "./pool.ts";
import { Preparation } from "./preparation.ts";
import type { ActionRunner, ActionRunnerOptions, ActionTenant } from "./types.ts";

const DEFAULT_INSTANCES = 8;
const DEFAULT_IDLE_MS = 60_000;
const DEFAULT_PATIENCE_MS = 250;

/** Makes the place where deployed Actions run. No process is started before the first flow. */
export function createActionRunner(options: ActionRunnerOptions = {}): ActionRunner {
  const { maxInstances: limit = DEFAULT_INSTANCES, idleMs = DEFAULT_IDLE_MS, now = Date.now } = options;
  const { patienceMs = DEFAULT_PATIENCE_MS } = options;
  const pool = new InstancePool({ limit, idleMs, patienceMs });
  const preparation = new Preparation(options);
  return runnerOf({ id: "", now }, { pool, preparation }, () => pool.close());
}

/** `closePlace` is given for the tenant whose end is the end of the place. */
function runnerOf(
  tenant: ActionTenant,
  place: { readonly pool: InstancePool; readonly preparation: Preparation },
  closePlace?: () => Promise<void>,
): ActionRunner {
  let closed = false;
  const cache = new TriggerCache(tenant.now);
  const context: FlowContext = { ...place, tenant, cache, isClosed: () => closed || place.pool.closed };
  return {
    run: (flow) => new FlowRun(flow, context).run(),
    async warmUp(actions) {
      if (!place.pool.empty || context.isClosed()) return;
      // Whatever is wrong with an Action is said at the sign-in.
      const specs = actions().map((action) => place.preparation.prepareAhead(action).catch(() => undefined));
      for (const spec of await Promise.all(specs)) if (spec !== undefined) place.pool.warmUp(spec);
    },
    forTenant: (other) => runnerOf(other, place),
    async close() {
      closed = true;
      if (closePlace === undefined) place.pool.drop(tenant.id);
      else await closePlace();
    },
  };
}
