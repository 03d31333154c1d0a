import type { Target } from "../client/sign-in.ts";
import type { Usage } from "./processes.ts";

/** A server that signs people in, as a process of its own. */
export interface Subject {
  /** Such as `oidc-provider`. */
  readonly name: string;
  /** What is measured, with its version. */
  readonly what: string;
  /** Starts the process; resolves as soon as discovery has answered. Close it in a `finally`. */
  start(): Promise<Served>;
}

/** A subject that runs. */
export interface Served {
  /** From the start of the process to the first answer of discovery with status 200. */
  readonly startMilliseconds: number;
  /** Makes it ready to sign people in. */
  target(): Promise<Target>;
  usage(): Usage | undefined;
  close(): Promise<void>;
}
