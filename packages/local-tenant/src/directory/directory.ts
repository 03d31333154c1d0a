import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { UserError } from "../lib/errors.ts";
import { jsonSyntaxError } from "../lib/json-syntax-error.ts";

/** A group of the emulated Azure AD. */
export interface DirectoryGroup {
  /** Object id, a UUID. */
  readonly id: string;
  readonly name: string;
  /** Names of the groups that this group is itself a member of. */
  readonly memberOf: readonly string[];
}

/** An employee of the emulated Azure AD. */
export interface Employee {
  /** Object id (`oid`), a UUID. */
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly department: string;
  readonly jobTitle: string;
  /** Names of the groups that the employee is a direct member of. */
  readonly groups: readonly string[];
}

/** The people and groups of one tenant of the emulated Azure AD. */
export interface EntraTenant {
  readonly company: string;
  /** The name by which a connection's `tenant_domain` refers to it. */
  readonly domain: string;
  readonly employees: readonly Employee[];
  readonly groups: readonly DirectoryGroup[];
}

/** The company's directory, as read from `local/directory.json`, and those of other companies beside it. */
export interface Directory extends EntraTenant {
  /**
   * Email of the employee to sign in where none is named; the first employee unless the file says another.
   */
  readonly defaultEmployee: string;
  readonly directories?: readonly EntraTenant[];
}

/** The employees and groups of a made-up company, for people who have not written down their own. */
export const SAMPLE_DIRECTORY = fileURLToPath(new URL("./sample.json", import.meta.url));

/**
 * Reads a company's directory from a JSON file.
 * @throws {UserError} one line with the file, the place and the value, when the file cannot be used.
 */
export function loadDirectory(file: string): Directory {
  const refuse = (what: string): never => {
    throw new UserError(`The directory ${file} ${what}. Mend the file, or name another one.`);
  };
  return parseDirectory(readJson(file, refuse), refuse);
}

function readJson(file: string, refuse: Refuse): unknown {
  let text: string;
  try {
    // Some editors begin a file with a byte order mark.
    text = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    return refuse(`cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
  const error = jsonSyntaxError(text);
  if (error === undefined) return JSON.parse(text) as unknown;
  throw new UserError(`${file}:${error.line}:${error.column} is not JSON: expected ${error.expected}.`);
}

/**
 * Checks the shape of a directory and every reference in it. `refuse` gets what is wrong, as the rest of a
 * sentence.
 */
function parseDirectory(document: unknown, refuse: (what: string) => never): Directory {
  const root = record(document, "", refuse);
  const company = parseTenant(root, "domain", "", refuse);
  const { employees } = company;
  const further = root["directories"] === undefined ? [] : list(root, "directories", "", refuse);
  const directories = further.map((row, index) => {
    const place = `directories[${index}]`;
    return parseTenant(record(row, place, refuse), "tenantDomain", place, refuse);
  });
  const all = [company, ...directories];
  const people = all.flatMap((tenant) => tenant.employees);
  unique(all, "domain", refuse);
  unique(people, "email", refuse);
  unique(people, "id", refuse);
  unique(
    all.flatMap((tenant) => tenant.groups),
    "id",
    refuse,
  );
  const chosen = root["defaultEmployee"] === undefined ? employees[0]?.email : root["defaultEmployee"];
  const found = employees.find((employee) => employee.email === chosen);
  return {
    ...company,
    defaultEmployee:
      found?.email ?? refuse(`has no employee ${JSON.stringify(chosen)}, whom defaultEmployee names`),
    directories,
  };
}

/**
 * One company's people and groups. Names of groups are single within it; another company may use the same
 * ones.
 */
function parseTenant(
  row: Record<string, unknown>,
  domainKey: "domain" | "tenantDomain",
  place: string,
  refuse: Refuse,
): EntraTenant {
  const parsed = <Row>(key: string, parse: (value: unknown, place: string, refuse: Refuse) => Row) =>
    list(row, key, place, refuse).map((value, index) =>
      parse(value, `${join(place, key)}[${index}]`, refuse),
    );
  const groups = parsed("groups", parseGroup);
  const employees = parsed("employees", parseEmployee);
  if (employees.length === 0) refuse(`has no employees${place === "" ? "" : ` at ${place}`}`);
  unique(groups, "name", refuse);
  const names = new Set(groups.map((group) => group.name));
  for (const group of groups) known(group.memberOf, names, `the group "${group.name}"`, refuse);
  for (const employee of employees) known(employee.groups, names, employee.email, refuse);
  return {
    company: text(row, "company", place, refuse),
    domain: text(row, domainKey, place, refuse),
    employees,
    groups,
  };
}

/** The directory behind a connection: the one that its `tenant_domain` names, else the main company's. */
export function directoryBehind(
  directory: Directory,
  connection: { readonly options: Readonly<Record<string, unknown>> },
): EntraTenant {
  const wanted = connection.options["tenant_domain"];
  if (typeof wanted !== "string") return directory;
  const named = directory.directories?.find(({ domain }) => domain.toLowerCase() === wanted.toLowerCase());
  return named ?? directory;
}

/** The employee with this email, whatever the case of its letters. */
export function findEmployee(directory: EntraTenant, email: string): Employee | undefined {
  return employeesByEmail(directory).get(email.trim().toLowerCase());
}

/** The employee with this object id. */
export function employeeWithId(directory: EntraTenant, id: string | undefined): Employee | undefined {
  return id === undefined ? undefined : employeesById(directory).get(id);
}

/** A directory is read as a whole and never changed, so what was worked out about it stays true. */
const employeesByEmail = remembered(({ employees }) => {
  // If two had the same email, the first would count.
  return new Map(employees.toReversed().map((employee) => [employee.email.toLowerCase(), employee]));
});
const employeesById = remembered(({ employees }) => new Map(employees.map((one) => [one.id, one])));
const groupsByName = remembered(({ groups }) => new Map(groups.map((group) => [group.name, group])));

/** What `make` answers, which is worked out once for each directory. */
export function remembered<Value>(
  make: (directory: EntraTenant) => Value,
): (directory: EntraTenant) => Value {
  const known = new WeakMap<EntraTenant, Value>();
  return (directory) => {
    const value = known.get(directory) ?? make(directory);
    known.set(directory, value);
    return value;
  };
}

/**
 * The groups of an employee: the direct ones in the directory's order, and with `nested` the groups of those
 * groups after them, nearest first. Each group once, even where memberships form a circle.
 */
export function groupsOf(
  directory: EntraTenant,
  employee: Employee,
  options: { nested: boolean },
): DirectoryGroup[] {
  const byName = groupsByName(directory);
  const found = new Map<string, DirectoryGroup>();
  let names: readonly string[] = employee.groups;
  while (names.length > 0) {
    const next: string[] = [];
    for (const name of names) {
      const group = byName.get(name);
      if (group === undefined || found.has(name)) continue;
      found.set(name, group);
      if (options.nested) next.push(...group.memberOf);
    }
    names = next;
  }
  return [...found.values()];
}

type Refuse = (what: string) => never;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function parseGroup(value: unknown, place: string, refuse: Refuse): DirectoryGroup {
  const row = record(value, place, refuse);
  return {
    id: uuid(row, place, refuse),
    name: text(row, "name", place, refuse),
    memberOf: row["memberOf"] === undefined ? [] : texts(row, "memberOf", place, refuse),
  };
}

function parseEmployee(value: unknown, place: string, refuse: Refuse): Employee {
  const row = record(value, place, refuse);
  const email = text(row, "email", place, refuse);
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) refuse(`has the email ${JSON.stringify(email)} at ${place}`);
  return {
    id: uuid(row, place, refuse),
    email,
    name: text(row, "name", place, refuse),
    givenName: text(row, "givenName", place, refuse),
    familyName: text(row, "familyName", place, refuse),
    department: text(row, "department", place, refuse),
    jobTitle: text(row, "jobTitle", place, refuse),
    groups: texts(row, "groups", place, refuse),
  };
}

function record(value: unknown, place: string, refuse: Refuse): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refuse(place === "" ? "is not a JSON object" : `has no object at ${place}`);
  }
  // SAFETY: after the line above, only plain objects are left.
  return value as Record<string, unknown>;
}

function list(row: Record<string, unknown>, key: string, place: string, refuse: Refuse): unknown[] {
  const value = row[key];
  return Array.isArray(value) ? value : refuse(`has no list at ${join(place, key)}`);
}

function text(row: Record<string, unknown>, key: string, place: string, refuse: Refuse): string {
  const value = row[key];
  return typeof value === "string" && value.trim() !== ""
    ? value
    : refuse(`has no text at ${join(place, key)}`);
}

function texts(row: Record<string, unknown>, key: string, place: string, refuse: Refuse): string[] {
  return list(row, key, place, refuse).map((value, index) =>
    typeof value === "string" ? value : refuse(`has no text at ${join(place, key)}[${index}]`),
  );
}

function uuid(row: Record<string, unknown>, place: string, refuse: Refuse): string {
  const id = text(row, "id", place, refuse);
  return UUID.test(id)
    ? id.toLowerCase()
    : refuse(`has the id ${JSON.stringify(id)} at ${place}, which is not a UUID`);
}

function join(place: string, key: string): string {
  return place === "" ? key : `${place}.${key}`;
}

function unique<Key extends string>(
  rows: readonly Readonly<Record<Key, string>>[],
  key: Key,
  refuse: Refuse,
): void {
  const seen = new Set<string>();
  for (const row of rows) {
    const value = row[key].toLowerCase();
    if (seen.has(value)) refuse(`has the ${key} ${JSON.stringify(row[key])} twice`);
    seen.add(value);
  }
}

function known(names: readonly string[], all: ReadonlySet<string>, who: string, refuse: Refuse): void {
  const missing = names.find((name) => !all.has(name));
  if (missing !== undefined)
    refuse(`puts ${who} into the group ${JSON.stringify(missing)}, which it does not list`);
}
