import { UserError } from "../packages/local-tenant/src/lib/errors.ts";
import { readFlags } from "../packages/local-tenant/src/lib/flags.ts";

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

const STACK = "the name of a stack, such as dev";
const FLAGS = {
  against: { type: "string", needs: "a git ref, such as main" },
  stack: { type: "string", short: "s", needs: STACK },
  directory: { type: "string", needs: "the path of a directory file" },
  json: { type: "boolean" },
  csv: { type: "boolean" },
  markdown: { type: "boolean" },
  "exit-code": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;
const TEXTS = {
  help: "npm run claims -- --help shows all flags.",
  stray: (word: string) => `"${word}" belongs to no flag.`,
};

/**
 * Reads the command line.
 * @throws {UserError} one line for what does not fit.
 */
export function parseReviewArguments(words: readonly string[]): ReviewArguments {
  const values = readFlags(words, FLAGS, TEXTS);
  const formats = (["json", "csv", "markdown"] as const).filter((format) => values.has(format));
  if (formats.length > 1) {
    throw new UserError(
      `${formats.map((format) => `--${format}`).join(" and ")} exclude each other. Give one.`,
    );
  }
  const [against, directory] = [values.get("against"), values.get("directory")];
  const exitCode = values.has("exit-code");
  if (exitCode && against === undefined) {
    throw new UserError(
      "--exit-code tells a difference. Say from what with --against REF, such as --against main.",
    );
  }
  const stack = values.get("stack") ?? "dev";
  if (!/^[\w.][\w.-]*$/.test(stack)) throw new UserError(`--stack needs ${STACK}. ${TEXTS.help}`);
  return {
    stack,
    ...(directory !== undefined && { directory }),
    format: formats[0] ?? "text",
    ...(against !== undefined && { against }),
    exitCode,
    help: values.has("help"),
  };
}
