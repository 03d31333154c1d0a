import type { TableName } from "./tables.ts";

/**
 * Stands in rows for the tenant's own host and port, so that they are right at whatever port it has. Names
 * that end so never exist (RFC 2606).
 */
const HERE = "this-tenant.invalid";

/** Identifier of the Management API in rows. */
export const OWN_API = `https://${HERE}/api/v2/`;
/** The tenant's host and port in rows. */
export const OWN_DOMAIN = HERE;

/** Where a tenant is. */
export interface Address {
  /** Host and port. */
  readonly domain: string;
  /** What the Management API is called there, and where the tenant is a fork, at those that it is one of. */
  readonly managementAudiences: readonly string[];
}

/** The address of the tenant at this host and port. */
export function addressOf(domain: string): Address {
  return { domain, managementAudiences: [audienceOf(domain)] };
}

/** What the Management API is called at this host and port. */
export function audienceOf(domain: string): string {
  return `https://${domain}/api/v2/`;
}

/** An API's identifier as rows have it. */
export function storedIdentifier(address: Address, identifier: string): string {
  return address.managementAudiences.includes(identifier) ? OWN_API : identifier;
}

/** A text of a row as it is answered. */
export function shownText(address: Address, text: string): string {
  return text.includes(HERE) ? text.replaceAll(HERE, address.domain) : text;
}

/** A text as rows have it, whatever it tells of the tenant's address. */
export function storedText({ domain }: Address, text: string): string {
  if (!text.includes(domain)) return text;
  const pattern = new RegExp(`(?<![\\w.-])${domain.replaceAll(".", "\\.")}(?!\\d)`, "g");
  return text.replace(pattern, HERE);
}

type Row = Readonly<Record<string, unknown>>;

/** How the texts of a row are changed: an identifier of an API, and any other text with an address in it. */
interface Change {
  readonly identifier: (text: string) => string;
  readonly text: (text: string) => string;
}

/** A row as it is kept, of one that names the tenant's address where the tenant itself put it. */
export function storedRow<Kept extends Row>(address: Address, table: TableName, row: Kept): Kept {
  return changed(table, row, {
    identifier: (text) => storedIdentifier(address, text),
    text: (text) => storedText(address, text),
  });
}

/** A row as it is answered. What people wrote into it themselves, as Actions' secrets, is left alone. */
export function shownRow<Kept extends Row>(address: Address, table: TableName, row: Kept): Kept {
  const text = (stored: string) => shownText(address, stored);
  return changed(table, row, { identifier: text, text });
}

/** The tenant's settings, or some of them, as they are kept. */
export function storedSettings<Kept extends Row>(address: Address, settings: Kept): Kept {
  return withDefaultAudience(settings, (text) => storedIdentifier(address, text));
}

/** The tenant's settings as they are answered. */
export function shownSettings<Kept extends Row>(address: Address, settings: Kept): Kept {
  return withDefaultAudience(settings, (text) => shownText(address, text));
}

function withDefaultAudience<Kept extends Row>(settings: Kept, change: (text: string) => string): Kept {
  const changes = texts(settings, ["default_audience"], change);
  return changes["default_audience"] === settings["default_audience"]
    ? settings
    : { ...settings, ...changes };
}

/** The row itself where nothing in it is different. */
function changed<Kept extends Row>(table: TableName, row: Kept, change: Change): Kept {
  const changes = changesOf(table, row, change);
  const different = Object.entries(changes).some(([name, value]) => row[name] !== value);
  return different ? { ...row, ...changes } : row;
}

function changesOf(table: TableName, row: Row, { identifier, text }: Change): Row {
  switch (table) {
    case "resourceServers":
      return texts(row, ["identifier"], identifier);
    case "clientGrants":
      return texts(row, ["audience"], identifier);
    case "clients":
      return texts(row, ["resource_server_identifier"], identifier);
    case "roles":
    case "users":
      return permissions(row, identifier);
    case "connections":
      return { ...texts(row, ["provisioning_ticket_url"], text), ...options(row, text) };
    case "logs":
      return texts(row, Object.keys(row), text);
    default:
      return {};
  }
}

function texts(row: Row, names: readonly string[], change: (text: string) => string): Row {
  const found = names.flatMap((name) => {
    const value = row[name];
    return typeof value === "string" ? [[name, change(value)] as const] : [];
  });
  return Object.fromEntries(found);
}

function permissions(row: Row, change: (text: string) => string): Row {
  const all = row["permissions"];
  if (!Array.isArray(all)) return {};
  const rows = all.map((permission: Row) => {
    const changes = texts(permission, ["resource_server_identifier"], change);
    return changes["resource_server_identifier"] === permission["resource_server_identifier"]
      ? permission
      : { ...permission, ...changes };
  });
  return rows.some((permission, index) => permission !== all[index]) ? { permissions: rows } : {};
}

function options(row: Row, change: (text: string) => string): Row {
  // SAFETY: a connection's options are an object.
  const kept = row["options"] as Row;
  const changes = texts(kept, ["app_domain"], change);
  return changes["app_domain"] === kept["app_domain"] ? {} : { options: { ...kept, ...changes } };
}
