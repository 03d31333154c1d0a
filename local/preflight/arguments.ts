import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { readFlags } from "../../packages/local-tenant/src/lib/flags.ts";

/** What `npm run preflight` was asked for. */
export interface PreflightArguments {
  readonly stack: string;
  readonly help: boolean;
}

export const HELP = `npm run preflight -- [FLAGS]

Asks the tenant what the stack would change that belongs to others: which post-login Actions it would unbind
or move, and which Actions, connections and clients exist already under its names. It changes nothing.

  --stack NAME   the stack, whose configuration is read from Pulumi.NAME.yaml; dev by default
  --help         this text

The tenant is that of auth0:domain or AUTH0_DOMAIN. It is asked with AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET, or
with AUTH0_API_TOKEN.
Exit codes: 0 nothing was found, 1 something was found, 2 the tenant could not be asked.
`;

const STACK = "the name of a stack, such as dev";
const FLAGS = {
  stack: { type: "string", short: "s", needs: STACK },
  help: { type: "boolean", short: "h" },
} as const;
const TEXTS = {
  help: "npm run preflight -- --help shows all flags.",
  stray: (word: string) => `There is no flag ${word}.`,
};

/**
 * Reads the command line.
 * @throws {UserError} one line for what does not fit.
 */
export function parsePreflightArguments(words: readonly string[]): PreflightArguments {
  const values = readFlags(words, FLAGS, TEXTS);
  const stack = values.get("stack") ?? "dev";
  if (!/^[\w.][\w.-]*$/.test(stack)) throw new UserError(`--stack needs ${STACK}. ${TEXTS.help}`);
  return { stack, help: values.has("help") };
}
