import type { ActionRun } from "../actions/types.ts";

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
  readonly #traces: Trace[] = [];

  add(trace: Trace): void {
    this.#traces.push(trace);
    if (this.#traces.length > LIMIT) this.#traces.shift();
  }

  /** The newest first. */
  list(): Trace[] {
    return this.#traces.toReversed();
  }

  get(id: string): Trace | undefined {
    return this.#traces.find((trace) => trace.id === id);
  }
}
