import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { readWordsAndFlags } from "../../packages/local-tenant/src/lib/flags.ts";
import { didYouMean } from "../../packages/local-tenant/src/lib/nearest.ts";
import { PARTS } from "./parts/all.ts";
import type { Effort } from "./parts/part.ts";

/** What `npm run bench` was asked for. */
export interface BenchOptions {
  /** Names of the parts, in the order in which they are measured. */
  readonly parts: readonly string[];
  readonly effort: Effort;
  readonly beside?: string;
  readonly alone: boolean;
  readonly results?: string;
  readonly page: boolean;
  readonly help: boolean;
}

export const HELP = `npm run bench -- [NAME...] [FLAGS]

Measures the tenant, the stack and its Action on this machine; all parts unless some are named:

  sign-ins        sign-ins a second, beside oidc-provider and simulacrum
  start           from the start of a process to the first answer, and "exec true"
  memory          memory when idle and after 5,000 sign-ins
  forks           fork, snapshot and reset of a tenant, and sign-ins spread over forks
  stack           bundle, preview, up, refresh, destroy, npm start, and the requests of each
  action-process  what a process of its own costs an Action
  growth          how tenants answer that have much of something
  claims          npm run claims for companies of several sizes
  action          the Action beside the recipe: calls, load, latency, size

The figures go into test/bench/results.json, each part's in its own place, and docs/performance.md is made from them.

  --quick         a minute for a part or less, for a comparison; prints the figures and writes nothing
  --beside DIR    sign-ins, start, memory: measure another checkout in turn with this one; writes nothing
  --alone         sign-ins, start, memory: without oidc-provider and simulacrum, which npm installs at first
  --smoke         seconds: whether it still runs; writes nothing
  --results FILE  where the figures go
  --page          measure nothing, and make docs/performance.md from the figures that are there
  --help          this text
`;

const FLAGS = {
  quick: { type: "boolean" },
  smoke: { type: "boolean" },
  alone: { type: "boolean" },
  page: { type: "boolean" },
  beside: { type: "string", needs: "the folder of a checkout" },
  results: { type: "string", needs: "the name of a file" },
  help: { type: "boolean", short: "h" },
} as const;

/**
 * Reads the command line.
 * @throws {UserError} one line for what does not fit.
 */
export function parseArguments(args: readonly string[]): BenchOptions {
  const { words, values } = readWordsAndFlags(args, FLAGS, "npm run bench -- --help shows all flags.");
  const names = Object.keys(PARTS);
  const unknown = words.find((word) => !names.includes(word));
  if (unknown !== undefined) {
    throw new UserError(
      `There is no part ${unknown}.${didYouMean(unknown, names)} What can be measured: ${names.join(", ")}.`,
    );
  }
  const [beside, results] = [values.get("beside"), values.get("results")];
  return {
    parts: words.length === 0 ? names : [...new Set(words)],
    effort: values.has("smoke") ? "smoke" : values.has("quick") ? "quick" : "full",
    alone: values.has("alone"),
    page: values.has("page"),
    help: values.has("help"),
    ...(beside !== undefined && { beside }),
    ...(results !== undefined && { results }),
  };
}
