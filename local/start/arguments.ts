import { GROUP_SOURCES, type GroupSource } from "../../action/settings.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { readFlags } from "../../packages/local-tenant/src/lib/flags.ts";
import { didYouMean } from "../../packages/local-tenant/src/lib/nearest.ts";

/** What `npm start` was asked for. */
export interface StartOptions {
  /** Exit after the sign-in instead of staying up. */
  readonly once: boolean;
  /** E-mail, name or part of one of the employee to sign in; the directory's own choice unless given. */
  readonly employee?: string;
  /** Only list the employees: `--employee` without a value. */
  readonly listEmployees: boolean;
  /** Name of the application to sign in to; the stack's first by default. */
  readonly application?: string;
  /** The only source of groups. */
  readonly source?: GroupSource;
  readonly port?: number;
  /** `false`: without a Pulumi CLI. */
  readonly engine: boolean;
  readonly reset: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

const FLAGS = {
  once: { type: "boolean" },
  employee: { type: "string", mayBeEmpty: true },
  application: { type: "string" },
  source: { type: "string" },
  port: { type: "string" },
  "no-engine": { type: "boolean" },
  reset: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

export const HELP = `npm start -- [FLAGS]

Starts a local Auth0 tenant, deploys the Pulumi program onto it, signs one employee in and shows the
decoded ID token. The tenant stays up until Ctrl-C, and remembers everything until the next start.

  --once             exit after the sign-in
  --employee WHO     who signs in: an e-mail, a name, or a part of one; without WHO: lists everybody
  --application NAME the application of the stack to sign in to; the first one by default
  --source SOURCE    redeploy with only this source of groups: ${GROUP_SOURCES.join(", ")}
  --port N           the tenant's port; by default the one that it had, or the first free one from 8443
  --no-engine        without a Pulumi CLI: a tenant in memory, ready in seconds, nothing remembered
  --reset            forget the tenant and its stack, and begin anew
  --json             one JSON document on standard output, all else on standard error; npm writes two lines
                     of its own before it, unless you type: npm --silent start -- --json
  --help             this text
`;

/**
 * Reads the command line.
 * @throws {UserError} one line for an unknown flag, a value that is missing or does not fit, or a stray word.
 */
export function parseArguments(args: readonly string[]): StartOptions {
  const words = args.map((word, index) => (asksForEmployees(word, args[index + 1]) ? "--employee=" : word));
  const values = readFlags(words, FLAGS, { help: "npm start -- --help shows all flags.", stray });
  return {
    once: values.has("once"),
    engine: !values.has("no-engine"),
    reset: values.has("reset"),
    json: values.has("json"),
    help: values.has("help"),
    listEmployees: values.get("employee") === "",
    ...optional("employee", values.get("employee") || undefined),
    ...optional("application", values.get("application")),
    ...optional("source", parseSource(values.get("source"))),
    ...optional("port", parsePort(values.get("port"))),
  };
}

/**
 * Says that npm has kept flags that come before `--` for itself. npm runs the script without them, but with
 * the words that followed them, so the script would do something else than the person has asked for.
 * @returns the line, or `undefined` if npm has kept nothing.
 */
export function flagsTakenByNpm(env: NodeJS.ProcessEnv, args: readonly string[] = []): string | undefined {
  const taken = ["once", "employee", "application", "source", "port", "reset"].filter(
    (name) => env[`npm_config_${name}`] !== undefined,
  );
  if (taken.length === 0) return undefined;
  const words = args.filter((word) => !word.startsWith("-")).map(quoted);
  const flags = taken.map((name) => {
    const value = env[`npm_config_${name}`] ?? "";
    if (!takesValue(name)) return `--${name}`;
    return [`--${name}`, ...(value === "true" ? words.splice(0) : [quoted(value)])].join(" ");
  });
  const names = taken.map((name) => `--${name}`);
  return `npm kept ${names.join(", ")} for itself. Put -- before the flags: npm start -- ${flags.join(" ")}`;
}

/** `--employee` as the last word, or before another flag. */
function asksForEmployees(word: string, next: string | undefined): boolean {
  return word === "--employee" && (next === undefined || next.startsWith("--"));
}

function takesValue(name: string): boolean {
  return Object.hasOwn(FLAGS, name) && FLAGS[name as keyof typeof FLAGS].type === "string";
}

/** A word as a person types it in a shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `"${word}"`;
}

function stray(word: string): string {
  const hint = word.includes("@") ? ` To name an employee, type: --employee ${word}.` : "";
  return `"${word}" does not belong to a flag.${hint}`;
}

function parseSource(value: string | undefined): StartOptions["source"] {
  if (value === undefined) return undefined;
  const source = GROUP_SOURCES.find((known) => known === value);
  if (source !== undefined) return source;
  const hint = didYouMean(value, GROUP_SOURCES);
  throw new UserError(`There is no source "${value}".${hint} The sources are ${GROUP_SOURCES.join(", ")}.`);
}

function parsePort(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const port = /^\d{1,5}$/.test(value) ? Number(value) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new UserError(`--port ${value} is not a port. Give a number from 1 to 65535, such as 8443.`);
}

function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [name in Name]?: Value } {
  // SAFETY: one key, whose name and value have the declared types.
  return (value === undefined ? {} : { [name]: value }) as { [name in Name]?: Value };
}
