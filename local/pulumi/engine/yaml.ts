import { readFileSync } from "node:fs";
import { parse, YAMLParseError } from "yaml";
import { UserError } from "../../../packages/local-tenant/src/lib/errors.ts";

/**
 * Reads a YAML file whose document is a map.
 * @throws {UserError} one line when it is missing or not such a file, with the line and what was expected
 * there.
 */
export function readYaml(file: string): Record<string, unknown> {
  const document = parseYaml(file, readText(file));
  if (typeof document === "object" && document !== null && !Array.isArray(document)) {
    // SAFETY: an object that is not an array has string keys; what they hold is unknown.
    return document as Record<string, unknown>;
  }
  throw new UserError(`${file}:1:1 is not a map of keys: expected a line such as "config:".`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${file} cannot be read: ${reason}.`);
  }
}

function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text, { logLevel: "error" });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const reason = (error.message.split("\n")[0] ?? "").replace(/ at line \d+, column \d+:?$/, "");
    const [place] = error instanceof YAMLParseError ? (error.linePos ?? []) : [];
    const where = place === undefined ? file : `${file}:${place.line}:${place.col}`;
    const code = error instanceof YAMLParseError ? error.code : "";
    throw new UserError(`${where} is not YAML: ${expectation(code, reason)}.`);
  }
}

/** What was expected, in words for people who write configuration. */
function expectation(code: string, reason: string): string {
  const closing = /must be sufficiently indented and end with a (.)/.exec(reason)?.[1];
  if (closing !== undefined) return `expected the closing ${closing} before this line`;
  if (reason.startsWith("Implicit map keys")) return "expected a colon and a value after the key";
  if (code === "MISSING_CHAR" && !reason.startsWith("Missing closing")) return reason;
  const known = EXPECTED[code];
  return known === undefined ? reason : `expected ${known}`;
}

const EXPECTED: Readonly<Record<string, string>> = {
  BAD_INDENT: "the line to be indented like the others that it belongs to",
  BAD_SCALAR_START: "quotes around a value that begins with a special character",
  BLOCK_AS_IMPLICIT_KEY: "one value after the key; put a value that contains a colon and a space into quotes",
  DUPLICATE_KEY: "each key once, but this one is there already",
  MISSING_CHAR: "the closing quote of a text that was opened before",
  MULTILINE_IMPLICIT_KEY: "a colon after the key",
  MULTIPLE_DOCS: "one document, without a line of three dashes inside",
  TAB_AS_INDENT: "spaces and not a tab before the text",
};
