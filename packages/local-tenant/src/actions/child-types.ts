// Types of `child/`, the plain CommonJS that runs in the process of an Action and is checked against them.
import type { AnswerMessage, Effects, LookupName } from "./protocol.ts";
import type { ActionEvent, FlowLookups } from "./types.ts";

/** Keeps one thing that the Action asks for. */
export type Recorder = <Kind extends keyof Effects>(kind: Kind, ...parts: Effects[Kind]) => void;

/** Asks the tenant for the Action. */
export type Call = <Name extends LookupName>(method: Name, args: Arguments<Name>) => Promise<unknown>;

/** What a lookup is asked, with what was not given as `undefined`, which JSON leaves out. */
type Arguments<Name extends LookupName> = Parameters<FlowLookups[Name]>[0] extends infer Given
  ? Given extends readonly unknown[]
    ? Given
    : { [Key in keyof Given]: Given[Key] | undefined }
  : never;

/** One run of the Action. */
export interface Run {
  readonly run: number;
  /** JSON texts of what the Action has asked for so far. */
  readonly effects: string[];
  /** Characters on its console. */
  printed: number;
  /** Lines of its console that were not sent. */
  dropped: number;
  readonly answer: (message: AnswerMessage) => void;
}

/** By number, the calls that the tenant has not answered yet. */
export type WaitingCalls = Map<
  number,
  { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }
>;

/** The function that an Action exports. */
export type Handler = (event: ActionEvent, api: object) => Promise<unknown>;

/** Reaches the handle under one of Node's own objects, which it keeps to itself. */
export interface WithHandle {
  readonly _handle: object;
}

/** The Action's module once its source has run, or what that threw. */
export type LoadedAction = { readonly module: { exports: unknown } } | { readonly error: Error };

/** What `node:http` and undici publish of a request, as far as it is looked at. */
export interface ClientRequest {
  readonly method: string;
  readonly protocol: string;
  readonly host: string;
  readonly path: string;
  getHeader(name: string): unknown;
  once(event: "error", listener: () => void): unknown;
}

export interface UndiciRequest {
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  addHeader(name: string, value: string): unknown;
}
