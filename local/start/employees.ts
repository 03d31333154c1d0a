import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import type { Directory, Employee, EntraTenant } from "../../packages/local-tenant/src/index.ts";
import { nearest } from "../../packages/local-tenant/src/lib/nearest.ts";

/** How many people a line or a department lists by name; the others are counted. */
const NAMED_IN_A_LINE = 6;
const NAMED_IN_A_DEPARTMENT = 25;

/**
 * Finds the employee that a person means: by e-mail, by name, or by a part of either. Case and accents do not
 * matter. A better match wins over a weaker one, so that "ada" means Ada and not also Nadja.
 * @throws {UserError} one line if nobody or more than one employee matches, with those who may be meant.
 */
export function chooseEmployee(directory: Directory, wanted: string | undefined): Employee {
  const { company } = directory;
  const employees = directoriesOf(directory).flatMap((tenant) => tenant.employees);
  const word = wanted ?? directory.defaultEmployee;
  for (const matches of MATCHERS) {
    const found = employees.filter((employee) => matches(fold(word), employee));
    const [only] = found;
    if (found.length === 1 && only !== undefined) return only;
    if (found.length > 1) {
      throw new UserError(`"${word}" may be ${namesOf(found)}. Give more of the name, or the e-mail.`);
    }
  }
  throw new UserError(
    `${company} has no employee "${word}".${hintFor(word, employees)} npm start -- --employee lists all of them.`,
  );
}

/** All employees by department, as text for a person. */
export function employeesText(directory: Directory): string {
  const sections = directoriesOf(directory).map(companyText).join("\n\n");
  return `${sections}\n\nSign one of them in: npm start -- --employee NAME\n`;
}

/** All employees by department, as data for a program. */
export function employeesDocument(directory: Directory): unknown {
  const [first, ...others] = directoriesOf(directory).map(({ company, employees }) => ({
    company,
    departments: byDepartment(employees).map(([department, people]) => ({
      department,
      employees: people.map(({ name, email, groups }) => ({ name, email, groups: groups.length })),
    })),
  }));
  return { ...first, ...(others.length === 0 ? {} : { directories: others }) };
}

function companyText({ company, employees }: EntraTenant): string {
  const width = Math.max(0, ...employees.map(({ name }) => name.length));
  const sections = byDepartment(employees).map(([department, people]) => {
    const shown = people.slice(0, NAMED_IN_A_DEPARTMENT);
    const lines = shown.map(({ name, email, groups }) => {
      const count = groups.length === 1 ? "1 group" : `${groups.length} groups`;
      return `  ${name.padEnd(width)}  ${email}, ${count}`;
    });
    const rest = people.length - shown.length;
    return [`${department} (${people.length})`, ...lines, ...(rest > 0 ? [`  … and ${rest} more`] : [])];
  });
  const count = employees.length === 1 ? "1 employee" : `${employees.length} employees`;
  return [`${company}: ${count}`, ...sections.map((lines) => lines.join("\n"))].join("\n\n");
}

/** The company's own directory, and those of other companies beside it. */
function directoriesOf(directory: Directory): readonly EntraTenant[] {
  return [directory, ...(directory.directories ?? [])];
}

/** From the best match to the weakest. Each is tried only if none before it has found anybody. */
const MATCHERS: readonly ((word: string, employee: Employee) => boolean)[] = [
  (word, { email }) => fold(email) === word,
  (word, { name, email }) => fold(name) === word || localPart(email) === word,
  (word, { name }) => everyPart(word, (part) => wordsOf(fold(name)).includes(part)),
  (word, { name, email }) =>
    everyPart(word, (part) => fold(name).includes(part)) ||
    (word !== "" && (word.includes("@") ? fold(email) : localPart(email)).includes(word)),
];

function everyPart(word: string, matches: (part: string) => boolean): boolean {
  const parts = wordsOf(word);
  return parts.length > 0 && parts.every(matches);
}

/** The text in lower case without accents, as people type it whose keyboard does not have the letters. */
function fold(text: string): string {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[øłđðþßæœı]/g, (letter) => LETTERS[letter] ?? letter).trim();
}

/** Latin letters that are special without an accent, so that normalization does not change them. */
const LETTERS: Readonly<Record<string, string>> = {
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ı: "i",
};

function wordsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

function localPart(email: string): string {
  return fold(email.split("@")[0] ?? "");
}

function namesOf(found: readonly Employee[]): string {
  const named = found.slice(0, NAMED_IN_A_LINE).map(({ name, email }) => `${name} (${email})`);
  const rest = found.length - named.length;
  if (rest > 0) return `${named.join(", ")} or ${rest} more`;
  return `${named.slice(0, -1).join(", ")} or ${named.at(-1) ?? ""}`;
}

function hintFor(word: string, employees: readonly Employee[]): string {
  const wanted = fold(word);
  const names = new Map<string, Employee>();
  for (const employee of employees) {
    for (const text of [employee.email, employee.name, employee.givenName, employee.familyName]) {
      if (!names.has(fold(text))) names.set(fold(text), employee);
    }
  }
  const found = names.get(nearest(wanted, [...names.keys()]) ?? "");
  return found === undefined ? "" : ` Did you mean ${found.name} (${found.email})?`;
}

function byDepartment(employees: readonly Employee[]): [string, Employee[]][] {
  const departments = new Map<string, Employee[]>();
  for (const employee of employees) {
    const people = departments.get(employee.department) ?? [];
    people.push(employee);
    departments.set(employee.department, people);
  }
  return [...departments].toSorted(([left], [right]) => left.localeCompare(right, "en"));
}
