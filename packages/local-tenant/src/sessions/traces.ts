import type { ActionRun } from "../actions/types.ts";
import { Expiring } from "./expiring.ts";
import type { ExpiringSnapshot } from "./expiring.ts";
import { textBytes } from "./text-bytes.ts";

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
/** An Action may write much, and a person may have thousands of groups; in bytes. */
const LIMIT_BYTES = 32 * 1024 * 1024;
/** A trace goes when others come, not after a time. */
const FOREVER = Infinity;

/** The last sign-ins, in memory. */
export class Traces {
  readonly #traces = new Expiring<Trace>(() => 0, LIMIT, {
    byteLimit: { bytes: LIMIT_BYTES, sizeOf: textBytes },
  });

  /** How many traces this object shares with no copy of it. */
  get ownSize(): number {
    return this.#traces.ownSize;
  }

  add(trace: Trace): void {
    this.#traces.set(trace.id, trace, FOREVER);
  }

  /** The newest first. */
  list(): Trace[] {
    return this.#traces.list().reverse();
  }

  get(id: string): Trace | undefined {
    return this.#traces.get(id);
  }

  snapshot(): ExpiringSnapshot<Trace> {
    return this.#traces.snapshot();
  }

  reset(snapshot: ExpiringSnapshot<Trace>): void {
    this.#traces.reset(snapshot);
  }
}
