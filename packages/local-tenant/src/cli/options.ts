import { SAMPLE_DIRECTORY } from "../directory/directory.ts";
import { UsageError } from "../lib/errors.ts";
import { parseWords } from "../lib/flags.ts";
import { parseFault } from "../faults.ts";
import type { Fault } from "../faults.ts";

/** What depends on the program that offers the tool. */
export interface CommandDefaults {
  /** What a person types before the command, such as `local-tenant`. */
  readonly name: string;
  /** File of the emulated company directory. */
  readonly directory: string;
  /** Folder of the tenant that is kept. */
  readonly state: string;
}

/** The package's own command, which keeps its tenant in the folder that it is called in. */
export const PACKAGE_DEFAULTS: CommandDefaults = {
  name: "local-tenant",
  directory: SAMPLE_DIRECTORY,
  state: ".local-tenant",
};

export const PLANS = ["off", "free", "professional", "enterprise"] as const;
export type Plan = (typeof PLANS)[number];

/** What each command is given beside its options, and which options it knows. */
const COMMANDS = {
  start: {
    argument: undefined,
    options: ["in-memory", "port", "directory", "plan", "fault", "seed", "log", "state", "reset", "flush"],
  },
  exec: {
    argument: "CMD",
    options: ["in-memory", "port", "directory", "plan", "fault", "seed", "log"],
  },
  export: { argument: "DIR", options: ["state", "with-secrets"] },
  import: { argument: "DIR", options: ["state", "port"] },
  reset: { argument: undefined, options: ["state"] },
} as const satisfies Record<string, { argument: string | undefined; options: readonly string[] }>;

export type CommandName = keyof typeof COMMANDS;

/** The command line, checked. */
export interface ToolOptions {
  readonly command: CommandName | "help";
  /** The command to run, or the folder of an export; empty for commands without one. */
  readonly argument: string;
  readonly inMemory: boolean;
  readonly port?: number;
  /** File of the emulated company directory. */
  readonly directory: string;
  readonly plan?: Plan;
  readonly faults: readonly Fault[];
  readonly seed?: string;
  /** File of the request log, or `-` for standard error. */
  readonly log?: string;
  readonly state: string;
  readonly withSecrets: boolean;
  readonly reset: boolean;
  /** Whether each change is on the disk itself before its answer. */
  readonly flush: boolean;
}

const SPEC = {
  "in-memory": { type: "boolean" },
  port: { type: "string" },
  directory: { type: "string" },
  plan: { type: "string" },
  fault: { type: "string", multiple: true },
  seed: { type: "string" },
  log: { type: "string" },
  state: { type: "string" },
  "with-secrets": { type: "boolean" },
  reset: { type: "boolean" },
  flush: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/**
 * Reads the arguments after the tool's name.
 * @throws {UsageError} naming the argument that is wrong and what it may be.
 */
export function parseOptions(
  args: readonly string[],
  defaults: CommandDefaults = PACKAGE_DEFAULTS,
): ToolOptions {
  const empty = { ...EMPTY, directory: defaults.directory, state: defaults.state };
  const { values, positionals } = parseWords({ args: [...args], options: SPEC, allowPositionals: true });
  const [name = "help", argument = "", ...rest] = positionals;
  if (values.help === true || name === "help") return empty;
  if (!Object.hasOwn(COMMANDS, name)) {
    throw new UsageError(
      `There is no command "${name}"; the commands are ${Object.keys(COMMANDS).join(", ")}.`,
    );
  }
  // SAFETY: after the line above, only names of commands are left.
  const command = name as CommandName;
  checkArgument(command, argument, rest, defaults.name);
  checkOptions(command, Object.keys(values));
  const ofState = values.state !== undefined || values.reset === true || values.flush === true;
  if (values["in-memory"] === true && ofState) {
    throw new UsageError("--in-memory keeps no state, so leave out --state, --reset and --flush.");
  }
  return {
    ...empty,
    command,
    argument,
    inMemory: command === "exec" || values["in-memory"] === true,
    faults: (values.fault ?? []).map(parseFault),
    withSecrets: values["with-secrets"] === true,
    reset: values.reset === true,
    flush: values.flush === true,
    ...(values.state === undefined ? {} : { state: filled("state", values.state) }),
    ...(values.port === undefined ? {} : { port: parsePort(values.port) }),
    ...(values.directory === undefined ? {} : { directory: filled("directory", values.directory) }),
    ...(values.plan === undefined ? {} : { plan: parsePlan(values.plan) }),
    ...(values.seed === undefined ? {} : { seed: filled("seed", values.seed) }),
    ...(values.log === undefined ? {} : { log: filled("log", values.log) }),
  };
}

const EMPTY = {
  command: "help",
  argument: "",
  inMemory: false,
  faults: [],
  withSecrets: false,
  reset: false,
  flush: false,
} as const;

function checkArgument(command: CommandName, argument: string, rest: readonly string[], tool: string): void {
  const wanted = COMMANDS[command].argument;
  if (wanted === undefined && argument !== "") {
    throw new UsageError(`The command "${command}" takes no argument, but got "${argument}".`);
  }
  if (wanted !== undefined && argument.trim() === "") {
    throw new UsageError(`The command "${command}" needs ${wanted}: ${tool} ${command} ${wanted}.`);
  }
  if (rest.length > 0) {
    const hint = command === "exec" ? " Put the whole command into one pair of quotes." : "";
    throw new UsageError(`The argument "${rest[0]}" is too many for "${command}".${hint}`);
  }
}

function checkOptions(command: CommandName, given: readonly string[]): void {
  const known: readonly string[] = COMMANDS[command].options;
  const foreign = given.find((name) => !known.includes(name));
  if (foreign === undefined) return;
  throw new UsageError(
    `The command "${command}" has no option --${foreign}; its options are ${known.map((name) => `--${name}`).join(", ")}.`,
  );
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new UsageError(`--port is "${text}", but a port is a number from 1 to 65535.`);
}

function parsePlan(text: string): Plan {
  const plan = PLANS.find((name) => name === text);
  if (plan !== undefined) return plan;
  throw new UsageError(`--plan is "${text}", but the plans are ${PLANS.join(", ")}.`);
}

function filled(name: string, text: string): string {
  if (text !== "") return text;
  throw new UsageError(`--${name} is empty.`);
}
