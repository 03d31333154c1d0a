import type { ActionRunner, ActionTenant } from "./actions/types.ts";

/**
 * Where the Actions of one tenant run: in the processes of its family, with nothing in common in them.
 * `renew` forgets all that Actions have left behind: their modules, and `api.cache`.
 */
export class ActionsOfTenant implements ActionRunner {
  readonly #place: ActionRunner;
  readonly #nextTenant: () => ActionTenant;
  #current: ActionRunner;

  /** `current` is the place itself for the tenant that the place was made for. */
  constructor(place: ActionRunner, nextTenant: () => ActionTenant, current = place.forTenant(nextTenant())) {
    this.#place = place;
    this.#nextTenant = nextTenant;
    this.#current = current;
  }

  readonly run: ActionRunner["run"] = (flow) => this.#current.run(flow);

  readonly warmUp: ActionRunner["warmUp"] = (actions) => this.#current.warmUp(actions);

  forTenant(tenant: ActionTenant): ActionRunner {
    return this.#place.forTenant(tenant);
  }

  /** Begins anew. Sign-ins whose Actions run right now fail. */
  renew(): void {
    const former = this.#current;
    this.#current = this.#place.forTenant(this.#nextTenant());
    if (former !== this.#place) void former.close();
  }

  /** Ends what is this tenant's own. */
  async close(): Promise<void> {
    if (this.#current !== this.#place) await this.#current.close();
  }
}
