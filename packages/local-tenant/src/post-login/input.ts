import type { Carried } from "../sessions/carried.ts";
import type { EventInput } from "./event.ts";

/** One run of the post-login trigger. */
export interface PostLoginInput extends EventInput {
  /** Scopes that the tokens may carry before Actions add or remove some. */
  readonly grantedScopes: readonly string[];
  readonly resume?: { readonly actionId: string; readonly carried: Carried };
}
