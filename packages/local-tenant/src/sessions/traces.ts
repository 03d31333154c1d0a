import type { ActionRun } from "../actions/types.ts";
import { LayeredMap } from "../store/layered-map.ts";
import type { Content } from "../store/layered-map.ts";

/** One sign-in, as the person who develops the Actions wants to see it. */
export interface Trace {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly milliseconds: number;
  readonly client: { readonly id: string; readonly name: string };
  readonly user: { readonly id: string; readonly email?: string; readonly name?: string };
  readonly connection: { readonly id: string; readonly name: string; readonly strategy: string };
  /** `oidc-basic-profile` for a sign-in, `oauth2-refresh-token` for an exchange. */
  readonly protocol: string;
  /** Each Action with its milliseconds, console lines and HTTP calls, in the order in which they ran. */
  readonly actions: readonly ActionRun[];
  /** HTTP calls of the Actions to this tenant's own APIs, all Actions together. */
  readonly managementCalls: readonly {
    method: string;
    path: string;
    status?: number;
    milliseconds: number;
  }[];
  /** What the tokens will carry, after the tenant's rules. */
  readonly claims: {
    readonly idToken: Readonly<Record<string, unknown>>;
    readonly accessToken: Readonly<Record<string, unknown>>;
  };
  readonly warnings: readonly string[];
  readonly outcome: "completed" | "denied" | "failed" | "redirect";
  /** Why the sign-in did not complete, or where the browser was sent. */
  readonly reason?: string;
}

const LIMIT = 200;

/** The last sign-ins, in memory. */
export class Traces {
  readonly #traces = new LayeredMap<Trace>();

  /** How many traces this object shares with no copy of it. */
  get ownSize(): number {
    return this.#traces.ownSize;
  }

  add(trace: Trace): void {
    this.#traces.set(trace.id, Object.freeze(trace));
    while (this.#traces.size > LIMIT) this.#traces.delete(this.#traces.oldest() ?? "");
  }

  /** The newest first. */
  list(): Trace[] {
    return [...this.#traces.entries()].map(([, { value }]) => value).reverse();
  }

  get(id: string): Trace | undefined {
    return this.#traces.get(id)?.value;
  }

  snapshot(): Content<Trace> {
    return this.#traces.share();
  }

  reset(snapshot: Content<Trace>): void {
    this.#traces.become(snapshot);
  }
}
