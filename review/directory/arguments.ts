import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { parseWords } from "../../packages/local-tenant/src/lib/flags.ts";
import { didYouMean } from "../../packages/local-tenant/src/lib/nearest.ts";

/** What `npm run directory` was asked for. */
export interface DirectoryArguments {
  readonly help: boolean;
  readonly files: readonly string[];
  readonly out: string | undefined;
  /** What a connection's `tenant_domain` calls the directory, where it is one beside the company's own. */
  readonly directory: string | undefined;
  readonly company: string | undefined;
  readonly domain: string | undefined;
  readonly pseudonymous: boolean;
  readonly keyFile: string | undefined;
}

export const HELP = `npm run directory -- import FILE... [FLAGS]

Writes a directory for npm run claims from an export of the real one: Microsoft Graph's JSON, Auth0's user
export (JSON), or CSV with the columns email and groups. docs/directory.md shows how each is made.

  --out FILE          what is written, whole or not at all; .local/directory.json unless given.
                      git must ignore it
  --directory DOMAIN  adds a further directory to the file, a partner's: the tenant domain that its
                      connection names, such as partner.onmicrosoft.com
  --company NAME      the company's name; its domain unless given
  --domain DOMAIN     the company's domain; the one that most people's email has unless given
  --pseudonymous      people get a keyed pseudonym: no id, email, name or job title is written
  --key-file FILE     the key of the pseudonyms, or DIRECTORY_PSEUDONYM_KEY in the environment;
                      without a key the pseudonyms are others each time
  --help              this text

Exit codes: 0 written, 1 rows are wrong and nothing was written, 2 it could not be made.
`;

const OPTIONS = {
  out: { type: "string" },
  directory: { type: "string" },
  company: { type: "string" },
  domain: { type: "string" },
  pseudonymous: { type: "boolean" },
  "key-file": { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;
const MORE = "npm run directory -- --help shows all flags.";
const DOMAIN = /^[^\s@/]+\.[^\s@/]+$/;

/**
 * Reads the command line.
 * @throws {UserError} one line for what does not fit.
 */
export function parseDirectoryArguments(words: readonly string[]): DirectoryArguments {
  refuseUnknown(words);
  const { values, positionals } = parseWords({ args: [...words], options: OPTIONS, allowPositionals: true });
  const [command, ...files] = positionals;
  const help = values.help === true || (command === undefined && words.length === 0);
  if (!help && command !== "import") {
    const found = command === undefined ? "There is no command." : `There is no command ${command}.`;
    throw new UserError(`${found} Did you mean import? ${MORE}`);
  }
  if (!help && files.length === 0) throw new UserError(`import needs the files of an export. ${MORE}`);
  for (const flag of ["out", "directory", "company", "domain", "key-file"] as const) {
    if (values[flag]?.trim() === "") throw new UserError(`--${flag} needs a value. ${MORE}`);
  }
  for (const flag of ["directory", "domain"] as const) {
    const value = values[flag];
    if (value !== undefined && !DOMAIN.test(value)) {
      throw new UserError(`--${flag} ${value} is not a domain, such as xyz.example. ${MORE}`);
    }
  }
  if (values["key-file"] !== undefined && values.pseudonymous !== true) {
    throw new UserError(`--key-file is for --pseudonymous, which is not given. ${MORE}`);
  }
  if (values.directory !== undefined && values.domain !== undefined) {
    throw new UserError(`--directory DOMAIN says the domain already. Leave out --domain.`);
  }
  return {
    help,
    files,
    out: values.out,
    directory: values.directory,
    company: values.company,
    domain: values.domain,
    pseudonymous: values.pseudonymous === true,
    keyFile: values["key-file"],
  };
}

function refuseUnknown(words: readonly string[]): void {
  const flags = [...Object.keys(OPTIONS).map((name) => `--${name}`), "-h"];
  for (const word of words) {
    if (word === "--") return;
    const [flag = ""] = word.split("=");
    if (!flag.startsWith("-") || flag === "-" || flags.includes(flag)) continue;
    throw new UserError(`There is no flag ${flag}.${didYouMean(flag, flags)} ${MORE}`);
  }
}
