import { parseArgs } from "node:util";
import { UsageError } from "../packages/local-tenant/src/lib/errors.ts";
import { nearest } from "../packages/local-tenant/src/lib/nearest.ts";

/** How the claims are written. */
export type Format = "text" | "json" | "csv" | "markdown";

/** What `npm run claims` was asked for. */
export interface ReviewArguments {
  readonly stack: string;
  /** Path of the directory file, as it was given; the project's own unless given. */
  readonly directory?: string;
  readonly format: Format;
  /** The git ref that the working tree is held against. */
  readonly against?: string;
  /** Whether a difference is told by the exit code. */
  readonly exitCode: boolean;
  readonly help: boolean;
}

const FLAGS = {
  against: { type: "string" },
  stack: { type: "string", short: "s" },
  directory: { type: "string" },
  json: { type: "boolean" },
  csv: { type: "boolean" },
  markdown: { type: "boolean" },
  "exit-code": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

export const HELP = `npm run claims -- [FLAGS]

Deploys the program to a tenant in memory, without a Pulumi CLI, and signs every employee of the directory file in to
every application, through the real Action: who gets in, with which groups, in a token of how many bytes.

  --against REF     the same for a git ref, and only what is different for whom; the working tree is what is
                    compared, with what is not committed, and its directory file serves both
  --stack NAME      whose configuration is deployed, Pulumi.NAME.yaml; dev unless given
  --directory FILE  who works at the company; local/directory.json unless given
  --json            one JSON document on standard output; npm writes its own two lines before it unless called
                    as: npm --silent run claims -- --json
  --csv             a table for a spreadsheet, such as for a review of access
  --markdown        tables for a page or a comment
  --exit-code       exit code 1 where something is different; with --against
  --help            this text

Secrets are replaced by placeholders, so no passphrase is needed, and nothing leaves this machine.
Exit codes: 0 done, 1 a difference with --exit-code, 2 it could not be made, 130 stopped.
`;

/**
 * Reads the command line.
 * @throws {UsageError} one line for what does not fit.
 */
export function parseReviewArguments(words: readonly string[]): ReviewArguments {
  const { tokens } = parseArgs({ args: [...words], options: FLAGS, strict: false, tokens: true });
  const values = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === "option") values.set(token.name, checkedValue(token));
    else if (token.kind === "positional") {
      throw new UsageError(`"${token.value}" belongs to no flag. ${SHOWS_ALL}`);
    }
  }
  const formats = (["json", "csv", "markdown"] as const).filter((format) => values.has(format));
  if (formats.length > 1) {
    throw new UsageError(
      `${formats.map((format) => `--${format}`).join(" and ")} exclude each other. Give one.`,
    );
  }
  const [against, directory] = [values.get("against"), values.get("directory")];
  const exitCode = values.has("exit-code");
  if (exitCode && against === undefined) {
    throw new UsageError(
      "--exit-code tells a difference. Say from what with --against REF, such as --against main.",
    );
  }
  return {
    stack: checkedStack(values.get("stack") ?? "dev"),
    ...(directory !== undefined && { directory }),
    format: formats[0] ?? "text",
    ...(against !== undefined && { against }),
    exitCode,
    help: values.has("help"),
  };
}

const SHOWS_ALL = "npm run claims -- --help shows all flags.";

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
}

function checkedValue({ name, rawName, value }: OptionToken): string {
  if (!Object.hasOwn(FLAGS, name)) {
    const guess = nearest(
      rawName,
      Object.keys(FLAGS).map((flag) => `--${flag}`),
    );
    const hint = guess === undefined ? "" : ` Did you mean ${guess}?`;
    throw new UsageError(`There is no flag ${rawName}.${hint} ${SHOWS_ALL}`);
  }
  if (FLAGS[name as keyof typeof FLAGS].type === "boolean") {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value, and got "${value}".`);
    return "";
  }
  if (value === undefined || value === "" || value.startsWith("--")) {
    throw new UsageError(`${rawName} needs a value. ${SHOWS_ALL}`);
  }
  return value;
}

function checkedStack(stack: string): string {
  if (/^[\w.-]+$/.test(stack) && !stack.startsWith("-")) return stack;
  throw new UsageError(
    `--stack ${JSON.stringify(stack)} is not the name of a stack, such as dev. ${SHOWS_ALL}`,
  );
}
