import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { quoted } from "../../packages/local-tenant/src/lib/environment-file.ts";
import { findOnPath } from "../pulumi/cli/search-path.ts";
import { commandWords } from "./command-words.ts";
import type { CommandWords } from "./command-words.ts";

export interface RefusalOptions {
  /** The project's folder. */
  readonly root: string;
  /** The project's name in Pulumi.yaml. */
  readonly project: string;
  readonly env: NodeJS.ProcessEnv;
}

const FILE = "Pulumi.dev.yaml";
const STACK_OF_FILE = "dev";

/** Other words for the same command. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["rm", "remove"],
  ["delete", "remove"],
  ["rm-all", "remove-all"],
  ["delete-all", "remove-all"],
  ["cp", "copy"],
  ["init", "new"],
  ["create", "new"],
  ["setup", "new"],
]);

const CONFIG_WRITES = new Set(["set", "set-all", "remove", "remove-all", "copy", "refresh"]);
const ENVIRONMENT_WRITES = new Set(["add", "new", "remove"]);

const OWN_STACK =
  "npm run pulumi has one stack, local, and chooses it for each command. For a stack of your own beside it, " +
  'see "A stack of your own" in docs/local-tenant.md.';
const STACK_IS_FIXED =
  "npm start keeps its stack under the name local, in .local, with a passphrase of its own, and would not find it again.";

/** Why a command is refused for the local stack, and what to do instead. */
const REFUSED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "stack new": OWN_STACK,
    "stack select": OWN_STACK,
    "stack unselect": OWN_STACK,
    "stack rename": STACK_IS_FIXED,
    "stack migrate": STACK_IS_FIXED,
    "stack change-secrets-provider": STACK_IS_FIXED,
    "stack remove":
      "The next npm start would make the stack again, on a tenant that still has its resources. Remove both with: npm start -- --reset",
    "package add":
      "Pulumi.yaml of the local stack is rebuilt by each command. Add the package to the project instead: npm install",
    install: "The local stack uses the project's packages. Install those with: npm ci",
    new: "The local stack has its project already. Make a new one in a folder of its own, with pulumi itself.",
    login:
      "npm run pulumi keeps its state in .local, whoever is signed in. For another backend, type pulumi login itself.",
    logout:
      "npm run pulumi keeps its state in .local, whoever is signed in. To sign out elsewhere, type pulumi logout itself.",
  }),
);

/**
 * Refuses commands that change the local stack's project or configuration. Each command rebuilds these from
 * the repository's files, so the change would seem to work, and the next command would undo it.
 * @returns the line that says so and what to do instead; `undefined` for a command that may run.
 */
export function refusedCommand(args: readonly string[], options: RefusalOptions): string | undefined {
  const line = commandWords(args);
  if (line.flags.includes("--help") || line.flags.includes("-h")) return undefined;
  const [command = "", sub = "", third = ""] = line.words.map((word, index) =>
    index < 3 ? (ALIASES.get(word) ?? word) : word,
  );
  if (command === "config" && CONFIG_WRITES.has(sub)) return configLine(sub, line, options);
  if (command === "config" && sub === "env" && ENVIRONMENT_WRITES.has(third)) {
    return configLine("env", line, options);
  }
  const reason = REFUSED.get(`${command} ${sub}`) ?? REFUSED.get(command);
  if (reason !== undefined) return `Not done, nothing was changed. ${reason}`;
  if (line.flags.includes("--config") || line.flags.includes("-c")) {
    const flag = line.flags.includes("--config") ? "--config" : "-c";
    return `${lost(options)} Leave ${flag} out, and write its value into ${FILE} first.`;
  }
  return undefined;
}

function lost({ root }: RefusalOptions): string {
  return (
    `Not done, nothing was changed: the local stack's configuration is rebuilt from ${join(root, FILE)} by each command, ` +
    "and the next one would undo this."
  );
}

function configLine(sub: string, line: CommandWords, options: RefusalOptions): string {
  const start = lost(options);
  const secret = sub === "set" && isSecret(line);
  if (findOnPath("pulumi", options.env) !== undefined) {
    return `${start} Type in ${resolve(options.root)}: ${sameCommand(sub, line, secret)}`;
  }
  const [, , key = "", value] = line.words;
  if (secret) {
    return `${start} The local stack makes this secret itself; to set the real one, type: ${sameCommand(sub, line, secret)}`;
  }
  const full = key.includes(":") ? key : `${options.project}:${key}`;
  if (sub === "set" && value !== undefined && !line.flags.includes("--path")) {
    return `${start} Write under config: of that file: ${stringify({ [full]: scalar(value) }, { lineWidth: 0 }).trim()}`;
  }
  if (sub === "set") return `${start} Set ${full}${value === undefined ? "" : ` to ${value}`} in that file.`;
  if (sub === "remove") return `${start} Take ${full} out of that file.`;
  return `${start} Edit that file.`;
}

/**
 * The same command for the stack that the file belongs to. Secret values are left out, because the CLI asks
 * for them.
 */
function sameCommand(sub: string, { words, flags, rest }: CommandWords, secret: boolean): string {
  const head = ["pulumi", "config", words[1] ?? "", "--stack", STACK_OF_FILE];
  const path = flags.includes("--path") ? ["--path"] : [];
  if (secret) return typed([...head, "--secret", ...path, words[2] ?? ""]);
  return typed([...head, ...(sub === "set-all" ? withoutSecrets(rest) : rest)]);
}

/** The pairs of `set-all`, with VALUE in place of each secret value. */
function withoutSecrets(rest: readonly string[]): string[] {
  return rest.map((word, index) => {
    const before = rest[index - 1];
    if (word.startsWith("--json=")) return "--json=JSON";
    if (before === "--json") return "JSON";
    const [, flag = "", pair = ""] = /^(--secret=|--plaintext=|)(.*)$/s.exec(word) ?? [];
    const key = pair.split("=")[0] ?? "";
    const secret = before === "--secret" || flag === "--secret=" || isSecretKey(key);
    return secret && pair.includes("=") ? `${flag}${key}=VALUE` : word;
  });
}

function typed(words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}

function isSecret({ words, flags }: CommandWords): boolean {
  return flags.includes("--secret") || isSecretKey(words[2] ?? "");
}

function isSecretKey(key: string): boolean {
  return /secret|password|token$/i.test(key);
}

/** `true`, `8` and the like are not texts, neither in YAML nor for the CLI. */
function scalar(value: string): string | number | boolean {
  if (value === "true" || value === "false") return value === "true";
  return /^-?\d{1,15}$/.test(value) ? Number(value) : value;
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : quoted(text);
}
