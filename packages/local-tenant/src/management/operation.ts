import type { TenantContext } from "../context.ts";
import type { Schema } from "./json-schema.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Query parameters as they came in, still text; a list is joined by commas. */
export type Query = Readonly<Record<string, string>>;

/** One call of an operation, after its token, scopes and shapes were checked. */
export interface Call<Body> {
  /** Path parameters, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  /** The body; it fits the operation's schema. `undefined` where the operation takes none. */
  readonly body: Body;
  /** The client that the token was issued to. */
  readonly clientId: string | undefined;
  /** What the token may do. */
  readonly scopes: ReadonlySet<string>;
  readonly tenant: TenantContext;
}

/** What goes back: a status code, and a body unless it is 204. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/**
 * One operation of the Management API v2. The router checks the token, its scopes, the query and the body's
 * shape; `handle` decides what the call means and either changes the store completely or throws a
 * `ManagementError` and changes nothing.
 */
export interface Operation {
  /** `resource.verb`, such as `clients.create`. */
  readonly id: string;
  readonly method: Method;
  /** Relative to `/api/v2`; parameters as `:name`. */
  readonly path: string;
  /** The token needs one of these. */
  readonly scopes: readonly string[];
  /** Scopes that show or change fields beyond what `scopes` allow; `handle` checks them. */
  readonly fieldScopes?: readonly string[];
  /** Absent: a body is ignored, as production does for DELETE and the deploy call. */
  readonly body?: Schema;
  /** Parameters whose values are checked. Others are ignored. */
  readonly query?: Readonly<Record<string, Schema>>;
  /** Parameters that may be given several times, as SDKs send lists; all others may be given once. */
  readonly lists?: readonly string[];
  readonly handle: (call: Call<never>) => Answer | Promise<Answer>;
}

interface Definition<Body> extends Omit<Operation, "handle"> {
  readonly handle: (call: Call<Body>) => Answer | Promise<Answer>;
}

/** Declares an operation whose handler gets a body of the given type. */
export function operation<Body = undefined>(definition: Definition<Body>): Operation {
  // The router calls `handle` only with a body that fits `definition.body`, which describes Body.
  return definition;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const noContent: Answer = { status: 204 };
