import { RESOURCE_KINDS } from "./configuration.ts";
import type { Row } from "./configuration.ts";
import type { TableName } from "../store/tables.ts";

/** What stands in an export where a secret was. */
export const LEFT_OUT = "##SECRET##";

/**
 * The path of a secret in a row: the names of the properties that lead to it. An item of an Action's
 * `secrets` is found by its `name`.
 */
export interface Secret {
  readonly path: readonly string[];
  readonly value: string;
}

/**
 * A secret of a connection's options or of a setting has one of many names, because each strategy and
 * provider has its own.
 */
const SECRET_NAME = /secret|password|private_?key|api_?key|access_?key|smtp_pass|_token$/i;

/** Every secret of a row that is not empty. */
export function secretsOf(table: TableName, row: Row): Secret[] {
  switch (table) {
    case "clients":
      return texts(["client_secret"], row["client_secret"]);
    case "actions":
    case "actionVersions":
      return itemsOf(row).flatMap((item) => texts(["secrets", String(item["name"])], item["value"]));
    case "connections":
      return named(["options"], row["options"]);
    case "documents":
      return named(["value"], row["value"]);
    default:
      return [];
  }
}

/** Puts a secret where it belongs, or takes it away. A path that the row does not have is ignored. */
export function setSecret(
  table: TableName,
  row: Row,
  path: readonly string[],
  value: string | undefined,
): void {
  const last = path.at(-1) ?? "";
  if (table === "actions" || table === "actionVersions") {
    const item = itemsOf(row).find((secret) => secret["name"] === last);
    // An Action keeps the name of a secret whose value is not known.
    if (item !== undefined) item["value"] = value ?? "";
    return;
  }
  const owner = path.slice(0, -1).reduce((inner, name) => recordOf(inner[name]), row);
  if (value === undefined) delete owner[last];
  else owner[last] = value;
}

/** The name of a secret in `secrets.json`: the table, the row's key, and the path inside the row. */
export function secretName(table: TableName, row: Row, path: readonly string[]): string {
  const key = RESOURCE_KINDS.find((kind) => kind.table === table)?.key ?? "id";
  return [table, String(row[key]), ...path].join("/");
}

function named(path: readonly string[], value: unknown): Secret[] {
  return Object.entries(recordOf(value)).flatMap(([name, inner]) => {
    const here = [...path, name];
    // Only texts: `disable_self_service_change_password` is a switch.
    return SECRET_NAME.test(name) && typeof inner === "string" ? texts(here, inner) : named(here, inner);
  });
}

function texts(path: readonly string[], value: unknown): Secret[] {
  return typeof value === "string" && value !== "" ? [{ path, value }] : [];
}

function itemsOf(row: Row): Row[] {
  return Array.isArray(row["secrets"]) ? row["secrets"].map(recordOf) : [];
}

function recordOf(value: unknown): Row {
  // SAFETY: an object of JSON has properties by name; anything else counts as one without any.
  return typeof value === "object" && value !== null ? (value as Row) : {};
}
