import { nearest } from "../../packages/local-tenant/src/lib/nearest.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";

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

/**
 * Reads the command line.
 * @throws {UserError} one line for what does not fit.
 */
export function parsePreflightArguments(words: readonly string[]): PreflightArguments {
  let stack = "dev";
  let help = false;
  for (let index = 0; index < words.length; index += 1) {
    const [flag = "", given] = (words[index] ?? "").split(/=(.*)/s);
    if (flag === "--help" || flag === "-h") {
      help = true;
    } else if (flag === "--stack" || flag === "-s") {
      if (given === undefined) index += 1;
      stack = given ?? words[index] ?? "";
      if (!/^[\w.-]+$/.test(stack) || stack.startsWith("-")) {
        throw new UserError(
          `${flag} needs the name of a stack, such as dev. npm run preflight -- --help shows all flags.`,
        );
      }
    } else {
      const guess = nearest(flag, ["--stack", "--help"]);
      const hint = guess === undefined ? "" : ` Did you mean ${guess}?`;
      throw new UserError(`There is no flag ${flag}.${hint} npm run preflight -- --help shows all flags.`);
    }
  }
  return { stack, help };
}
