import type { Carried } from "./carried.ts";

/**
 * A request to `/authorize` that was found good: client, redirect and response mode exist and fit together.
 */
export interface AuthorizeRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly responseMode: "query" | "fragment" | "form_post" | "web_message";
  readonly scope: readonly string[];
  readonly state?: string;
  readonly nonce?: string;
  readonly audience?: string;
  readonly codeChallenge?: string;
  readonly codeChallengeMethod?: "S256" | "plain";
  readonly prompt: readonly string[];
  /** Seconds. */
  readonly maxAge?: number;
  readonly loginHint?: string;
  /** Name of the connection that was asked for. */
  readonly connection?: string;
  readonly uiLocales?: string;
  readonly acrValues: readonly string[];
  /** Every parameter as it came, for `event.request.query`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Where to go on after an Action sent the browser away. */
export interface Resume {
  readonly actionId: string;
  /** Whose sign-in it is: what the Actions asked for so far must not reach anybody else. */
  readonly userId: string;
  readonly carried: Carried;
}

/** A sign-in under way. */
export interface Transaction {
  /** The `state` of the sign-in page and of `/continue`. */
  readonly id: string;
  /** Which browser began it; the cookie of another one cannot go on with it. */
  readonly browser: string;
  readonly request: AuthorizeRequest;
  /** The connection whose page is shown; absent until it is known. */
  readonly connectionId?: string;
  readonly resume?: Resume;
}
