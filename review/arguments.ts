import { UserError } from "../packages/local-tenant/src/lib/errors.ts";
import { readWordsAndFlags } from "../packages/local-tenant/src/lib/flags.ts";
import { didYouMean } from "../packages/local-tenant/src/lib/nearest.ts";

/** How the claims are written. */
export type Format = "text" | "json" | "csv" | "markdown";

/** What is made of the claims. */
export type ReviewCommand =
  | { readonly name: "claims" }
  | CommentCommand
  | { readonly name: "why"; readonly person: string; readonly application: string }
  | {
      readonly name: "check";
      /** Path of the contracts, as it was given; `access.yaml` of the project unless given. */
      readonly access?: string;
    };

/** A pull request's comment. */
export interface CommentCommand {
  readonly name: "comment";
  readonly against: string;
  /** Whether people are named. */
  readonly people: boolean;
  /** Path of the folder that files are written to; standard output unless given. */
  readonly out?: string;
}

/** What `npm run claims` was asked for. */
export interface ReviewArguments {
  readonly command: ReviewCommand;
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

export const HELP = `npm run claims -- [COMMAND] [FLAGS]

Deploys the program to a tenant in memory, without a Pulumi CLI, and signs every employee of the directory file in to
every application, through the real Action: who gets in, with which groups, in a token of how many bytes.

  (no command)           that table, or with --against what is different in it
  why EMAIL APPLICATION  for each group of a person's, why it is in the token or not
  check                  whether the contracts of access.yaml hold for everybody; with --against also which of them
                         demand less than the ref's
  comment                what is different, with --against, in numbers of people by application and group: Markdown for a
                         pull request, as .github/workflows/preview.yml writes it; --people names them, and --out DIR
                         writes comment.md, cut where GitHub would refuse it, and whole.md

  --against REF     the same for a git ref, and only what is different for whom; the working tree is what is
                    compared, with what is not committed, and its directory file serves both
  --stack NAME      whose configuration is deployed, Pulumi.NAME.yaml; dev unless given
  --directory FILE  who works at the company; local/directory.json unless given
  --access FILE     the contracts; access.yaml unless given; with check
  --json            one JSON document on standard output; npm writes its own two lines before it unless called
                    as: npm --silent run claims -- --json
  --csv             a table for a spreadsheet, such as for a review of access
  --markdown        tables for a page or a comment
  --exit-code       exit code 1 where something is different; with --against. A contract that does not hold gives 1
                    in any case
  --people          names people in a comment
  --out DIR         where a comment's files are written
  --help            this text

Secrets are replaced by placeholders, so no passphrase is needed, and nothing leaves this machine.
Exit codes: 0 done, 1 a contract does not hold or, with --exit-code, a difference,
2 it could not be made, 130 stopped.
`;

const STACK = "the name of a stack, such as dev";
const FLAGS = {
  against: { type: "string", needs: "a git ref, such as main" },
  stack: { type: "string", short: "s", needs: STACK },
  directory: { type: "string", needs: "the path of a directory file" },
  access: { type: "string", needs: "the path of a file of contracts" },
  json: { type: "boolean" },
  csv: { type: "boolean" },
  markdown: { type: "boolean" },
  "exit-code": { type: "boolean" },
  people: { type: "boolean" },
  out: { type: "string", needs: "the path of a folder" },
  help: { type: "boolean", short: "h" },
} as const;
const HELPING = "npm run claims -- --help shows all flags.";

/** What each command takes: its words, and the flags that mean nothing to it. */
const COMMANDS: Readonly<
  Record<ReviewCommand["name"], { words: readonly string[]; without: readonly string[] }>
> = {
  claims: { words: [], without: ["people", "out", "access"] },
  comment: { words: [], without: ["json", "csv", "markdown", "exit-code", "access"] },
  why: {
    words: ["EMAIL", "APPLICATION"],
    without: ["against", "csv", "exit-code", "people", "out", "access"],
  },
  check: { words: [], without: ["csv", "people", "out"] },
};

/**
 * Reads the command line.
 * @throws {UserError} one line for what does not fit.
 */
export function parseReviewArguments(args: readonly string[]): ReviewArguments {
  const { words, values } = readWordsAndFlags(args, FLAGS, HELPING);
  const help = values.has("help");
  const name = help ? "claims" : commandNamed(words[0]);
  const command = help ? { name: "claims" as const } : readCommand(name, words.slice(1), values);
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
  if (!/^[\w.][\w.-]*$/.test(stack)) throw new UserError(`--stack needs ${STACK}. ${HELPING}`);
  return {
    command,
    stack,
    ...(directory !== undefined && { directory }),
    format: formats[0] ?? "text",
    ...(against !== undefined && { against }),
    exitCode,
    help,
  };
}

function commandNamed(word: string | undefined): ReviewCommand["name"] {
  if (word === undefined) return "claims";
  const names = ["check", "comment", "why"] as const;
  const found = names.find((name) => name === word);
  if (found !== undefined) return found;
  const hint = didYouMean(word, names) || ` There is ${names.join(", ")}.`;
  throw new UserError(`There is no command "${word}".${hint} ${HELPING}`);
}

function readCommand(
  name: ReviewCommand["name"],
  words: readonly string[],
  values: ReadonlyMap<string, string>,
): ReviewCommand {
  const { words: wanted, without } = COMMANDS[name];
  const of = name === "claims" ? "the table" : name;
  const stray = without.find((flag) => values.has(flag));
  if (stray !== undefined) throw new UserError(`--${stray} means nothing to ${of}. ${HELPING}`);
  if (words.length !== wanted.length) {
    const takes = wanted.length === 0 ? "no words" : wanted.join(" and ");
    throw new UserError(`${name} takes ${takes}, and got ${words.length}. ${HELPING}`);
  }
  if (name === "comment") return readComment(values);
  const [person = "", application = ""] = words;
  if (name === "why") return { name, person, application };
  const access = values.get("access");
  return name === "check" ? { name, ...(access !== undefined && { access }) } : { name };
}

function readComment(values: ReadonlyMap<string, string>): CommentCommand {
  const [against, out] = [values.get("against"), values.get("out")];
  if (against === undefined) {
    throw new UserError(
      "comment says what is different. Say from what with --against REF, such as --against main.",
    );
  }
  return { name: "comment", against, people: values.has("people"), ...(out !== undefined && { out }) };
}
