import type { Miss } from "./probe.ts";
import type { Reporter } from "./reporter.ts";

/** What the ladder is climbed with. */
export interface LadderOptions {
  /** PATH, HOME and the like, and what children get. */
  readonly env: NodeJS.ProcessEnv;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal;
  /** A line to print before work that takes minutes. */
  readonly hint?: string;
  /** Milliseconds after which a download is asked whether the network answers at all; 15 s unless given. */
  readonly patience?: number;
}

/** One costly way to a CLI: puts it into a folder laid out as `bin/pulumi`, or says why it could not. */
export type Supplier = (folder: string, options: LadderOptions) => Promise<Miss | undefined>;
