import type { Directory, Employee } from "../../packages/local-tenant/src/index.ts";
import { compareText } from "./model.ts";

/** Somebody of a directory, and which one. */
export interface Person {
  readonly employee: Employee;
  /** The directory's domain. */
  readonly directory: string;
}

/** Everybody of a company's directories, by email in the order of code units. */
export function peopleOf(company: Directory): Person[] {
  return [company, ...(company.directories ?? [])]
    .flatMap(({ domain, employees }) => employees.map((employee) => ({ employee, directory: domain })))
    .sort((left, right) => compareText(left.employee.email, right.employee.email));
}
