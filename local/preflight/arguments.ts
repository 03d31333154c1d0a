import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { readFlags } from "../../packages/local-tenant/src/lib/flags.ts";

/** What `npm run preflight` was asked for. */
export interface PreflightArguments {
  readonly stack: string;
  readonly help: boolean;
}

export const HELP = `npm run preflight -- [FLAGS]

Asks the tenant what of other people the stack would hit: whose post-login Actions it would unbind or move,
and what exists by the names of its Action, connections and clients. It changes nothing.

  --stack NAME   whose configuration is read, Pulumi.NAME.yaml; dev unless given
  --help         this text

The tenant is auth0:domain or AUTH0_DOMAIN, asked with AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET or AUTH0_API_TOKEN.
Exit codes: 0 nobody is hit, 1 something was found, 2 it could not be asked.
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
