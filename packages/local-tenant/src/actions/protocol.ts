// Every message between the tenant and the process in which an Action runs, one JSON document a line. Both
// sides are checked against these types: the tenant's in `instance.ts`, the process's in `child/`.
import type { ActionEvent, EntryPoint, FlowLookups, RequestHeaders, TransactionValue } from "./types.ts";

/** A message of the tenant. */
export type TenantMessage = LoadMessage | RunMessage | AnswerMessage | DropMessage;

/** What the tenant says once, before the first run. */
export interface LoadMessage {
  readonly type: "load";
  readonly name: string;
  readonly code: string;
  /** Declared name to the file from which `require` finds it. */
  readonly packages: Readonly<Record<string, string>>;
  /** PEM text of a certificate authority that the Action's requests trust beside the public ones. */
  readonly authority?: string | undefined;
}

/** Asks for one run of the Action. */
export interface RunMessage {
  readonly type: "run";
  readonly run: number;
  /** Whose sign-in it is: each tenant has an instance of the Action's module of its own. */
  readonly tenant: string;
  readonly entry: EntryPoint;
  readonly event: ActionEvent;
  readonly secrets: Readonly<Record<string, string>>;
  readonly transactionMetadata: Readonly<Record<string, TransactionValue>>;
  readonly samlAttributes: Readonly<Record<string, unknown>>;
  readonly cache: readonly (readonly [key: string, value: string, expiresAt: number])[];
  /** Milliseconds that the tenant's clock is ahead of the machine's. */
  readonly clockAhead: number;
  /** What is added to requests of the Action, by host and port. */
  readonly headers?: RequestHeaders | undefined;
}

/** Says that no sign-in of a tenant will come any more. */
export interface DropMessage {
  readonly type: "drop";
  readonly tenant: string;
}

/**
 * What the tenant knows about a run before the run has a number. The event is JSON text, which all Actions
 * of a flow share.
 */
export interface RunRequest extends Omit<RunMessage, "type" | "run" | "event"> {
  readonly event: string;
}

/** Answers a `call` of the Action. */
export type AnswerMessage = { readonly type: "answer"; readonly call: number } & Answer;

export type Answer = { readonly value: unknown } | { readonly error: string };

/**
 * A message of the process in which an Action runs. An Action can write to the line too, so the tenant checks
 * the shape of what it reads (`parse-message.ts`), and looks at each value again where it uses it.
 */
export type ChildMessage =
  | StartedMessage
  | WaitingMessage
  | RefusedMessage
  | ConsoleMessage
  | HttpMessage
  | HttpEndMessage
  | CallMessage
  | DoneMessage;

/** The Action is called now. */
export interface StartedMessage {
  readonly type: "started";
  readonly run: number;
}

/**
 * The Action has let go of the process, to go on when something comes: an answer to a request, or a timer.
 */
export interface WaitingMessage {
  readonly type: "waiting";
  readonly run: number;
}

/**
 * The Action is not called, because this process cannot serve another tenant than before: the Action has left
 * there what cannot be put aside.
 */
export interface RefusedMessage {
  readonly type: "refused";
  readonly run: number;
}

export interface ConsoleMessage {
  readonly type: "console";
  readonly run: number;
  readonly level: string;
  readonly text: string;
}

/** An HTTP request was sent. */
export interface HttpMessage {
  readonly type: "http";
  readonly run: number;
  readonly id: number;
  readonly method: string;
  readonly url: string;
}

/** The answer to an HTTP request has begun, or there will be none. */
export interface HttpEndMessage {
  readonly type: "http-end";
  readonly run: number;
  readonly id: number;
  readonly status?: number | undefined;
  readonly milliseconds: number;
}

/** Asks the tenant something that the Action wants to know. */
export interface CallMessage {
  readonly type: "call";
  readonly run: number;
  readonly call: number;
  /** One of `LookupName`, unless the Action wrote it. */
  readonly method: string;
  readonly args: unknown;
}

/** What an Action can ask the tenant. */
export type LookupName = keyof FlowLookups;

/** The run is over. */
export interface DoneMessage {
  readonly type: "done";
  readonly run: number;
  /** The process cannot be used again. */
  readonly fatal: boolean;
  /** The Action has changed a built-in object. */
  readonly changed: boolean;
  /** Kinds of work that the Action has left behind. */
  readonly pending: readonly string[];
  /** Console lines that were not sent. */
  readonly dropped: number;
  /** Milliseconds of CPU that the process has used since it began. */
  readonly cpu: number;
  readonly error?: { readonly message: string; readonly kind: string } | undefined;
  /** In order; each is the kind and the parts of one of `Effects`, unless the Action wrote it. */
  readonly effects: readonly (readonly unknown[])[];
}

/** What an Action can ask for, by kind, and the parts that say what exactly. */
export interface Effects {
  /** A claim without a value is taken away. */
  readonly idToken: readonly [claim: string, value?: unknown];
  readonly accessToken: readonly [claim: string, value?: unknown];
  readonly saml: readonly [attribute: string, value: unknown];
  readonly samlConfiguration: readonly [setting: string, value: unknown];
  readonly appMetadata: readonly [key: string, value: unknown];
  readonly userMetadata: readonly [key: string, value: unknown];
  readonly scope: readonly [how: "add" | "remove", scope: string];
  readonly transaction: readonly [key: string, value: TransactionValue];
  readonly method: readonly [url: string];
  readonly cache:
    | readonly [operation: "set", key: string, value: string, expiresAt: number]
    | readonly [operation: "delete", key: string];
  readonly deny: readonly [reason: string, code?: string];
  readonly redirect: readonly [url: string];
  readonly session: SessionEffect;
  readonly refreshToken: Exclude<SessionEffect, readonly ["cookieMode", ...unknown[]]>;
  readonly unsupported: readonly [message: string];
  readonly limit: readonly [message: string];
}

export type SessionEffect =
  | readonly [what: "revoke", reason: string, preserveRefreshTokens: boolean]
  | readonly [what: "expiresAt" | "idleExpiresAt", milliseconds: number]
  | readonly [what: "metadata", metadata: Readonly<Record<string, string>>]
  | readonly [what: "cookieMode", mode: "persistent" | "non-persistent"];
