import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { parseWords } from "../../packages/local-tenant/src/lib/flags.ts";
import type { Plan } from "../../packages/local-tenant/src/index.ts";
import { FAULTS } from "./parts/latency.ts";

/** How much is measured. */
export interface Effort {
  readonly calls: number;
  readonly rates: readonly number[];
  readonly seconds: number;
  readonly plans: readonly Plan[];
  readonly warm: number;
  readonly cold: number;
  /** Processes that share the logins under load. */
  readonly processes: number;
  /**
   * For each fault so many rounds, and in a round so many processes side by side with so many logins each.
   */
  readonly rounds: number;
  readonly lanes: number;
  readonly turns: number;
  readonly faults: readonly string[];
  readonly loads: number;
}

/** What `npm run bench` was asked for. */
export interface BenchOptions {
  readonly effort: Effort;
  /** Numbers of the parts, from 1 to 4. */
  readonly parts: readonly number[];
  readonly json: string | undefined;
  readonly help: boolean;
}

const FULL: Effort = {
  calls: 1000,
  rates: [20, 100, 200],
  seconds: 10,
  plans: ["free", "enterprise"],
  warm: 5000,
  cold: 20,
  processes: 4,
  rounds: 2,
  lanes: 4,
  turns: 4,
  faults: Object.keys(FAULTS),
  loads: 21,
};

const QUICK: Effort = {
  calls: 100,
  rates: [20, 100],
  seconds: 3,
  plans: ["enterprise"],
  warm: 500,
  cold: 3,
  processes: 4,
  rounds: 1,
  lanes: 4,
  turns: 4,
  faults: ["healthy", "hangs", "500"],
  loads: 5,
};

/** Enough to see that everything still works. */
const SMOKE: Effort = {
  calls: 4,
  rates: [20],
  seconds: 0.2,
  plans: ["enterprise"],
  warm: 5,
  cold: 1,
  processes: 1,
  rounds: 1,
  lanes: 1,
  turns: 2,
  faults: ["500"],
  loads: 1,
};

export const HELP = `npm run bench -- action [FLAGS]

Measures this project's Action beside the original recipe's, on a local tenant. Nothing leaves this machine.

  --only 1,2,3,4  these parts alone:
                  1  Management API calls of 1,000 logins
                  2  20, 100 and 200 logins a second under Auth0's limits
                  3  time that a login takes longer: cold, warm, and with a Management API that misbehaves
                  4  bytes, and time to load
  --quick         a minute or two instead of about thirteen, with fewer samples and conditions
  --smoke         seconds: whether it still runs
  --json FILE     where the figures go; test/bench/results/action.json unless given
  --help          this text
`;

/**
 * Reads the command line.
 * @throws {UserError} one line for what does not fit.
 */
export function parseArguments(args: readonly string[]): BenchOptions {
  const { values, positionals } = parse(args);
  const { help = false, quick, smoke, only = "1,2,3,4", json } = values;
  if (!help && positionals.join(" ") !== "action") {
    throw new UserError(`What is to be measured? npm run bench -- action. --help shows all flags.`);
  }
  const parts = only.split(",").map(Number);
  if (!parts.every((part) => [1, 2, 3, 4].includes(part))) {
    throw new UserError(`--only ${only} names no parts. Give numbers from 1 to 4, such as --only 1,4.`);
  }
  return { effort: smoke ? SMOKE : quick ? QUICK : FULL, parts, json, help };
}

function parse(args: readonly string[]) {
  try {
    return parseWords({ args: [...args], options: FLAGS, allowPositionals: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${reason} npm run bench -- --help shows all flags.`);
  }
}

const FLAGS = {
  quick: { type: "boolean" },
  smoke: { type: "boolean" },
  only: { type: "string" },
  json: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;
