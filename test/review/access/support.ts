import type { Directory, Employee } from "../../../packages/local-tenant/src/index.ts";
import { AccessCheck } from "../../../review/access/check.ts";
import { readAccess } from "../../../review/access/read.ts";
import type { AccessResult } from "../../../review/access/report.ts";
import type { ClaimsRow } from "../../../review/claims/model.ts";
import { headWith, rowWith } from "../support/side.ts";

function employee(name: string, department: string, groups: readonly string[]): Employee {
  return {
    ...{ id: name, email: `${name}@xyz.example`, name, givenName: name, familyName: name, jobTitle: "" },
    ...{ department, groups },
  };
}

function groups(...names: string[]): Directory["groups"] {
  return names.map((name) => ({ id: `id of ${name}`, name, memberOf: [] }));
}

/** Ada administrates, Bo sells, Cy is of another company. */
export const COMPANY: Directory = {
  ...{ company: "XYZ", domain: "xyz.example", defaultEmployee: "ada@xyz.example" },
  employees: [employee("ada", "IT", ["Admins", "Staff"]), employee("bo", "Sales", ["Staff"])],
  groups: groups("Admins", "Staff", "Nobody's"),
  directories: [
    {
      ...{ company: "Partner", domain: "partner.example" },
      employees: [{ ...employee("cy", "IT", ["Admins"]), email: "cy@partner.example" }],
      groups: [{ id: "id of another Admins", name: "Admins", memberOf: [] }],
    },
  ],
};

export const ada = (changes: Partial<ClaimsRow> = {}): ClaimsRow =>
  rowWith({
    ...{ person: "ada@xyz.example", department: "IT", directoryGroups: ["Admins", "Staff"] },
    ...{ groups: ["Admins", "Staff"], source: "event" },
    ...changes,
  });
export const bo = (changes: Partial<ClaimsRow> = {}): ClaimsRow =>
  rowWith({
    ...{ person: "bo@xyz.example", department: "Sales", directoryGroups: ["Staff"] },
    ...{ groups: ["Staff"], source: "event" },
    ...changes,
  });
export const cy = (changes: Partial<ClaimsRow> = {}): ClaimsRow =>
  rowWith({
    ...{ person: "cy@partner.example", department: "IT", directoryGroups: ["Admins"] },
    ...{ directory: "partner.example", connection: "", outcome: "denied", reason: "No way." },
    ...changes,
  });

/** What a file says of these rows. */
export function checked(text: string, rows: readonly ClaimsRow[] = [ada(), bo(), cy()]): AccessResult {
  const head = headWith({ applications: ["portal", "wiki"] });
  const check = new AccessCheck(readAccess(text, "access.yaml"), { head, directory: COMPANY });
  for (const row of rows) check.add(row);
  return check.result();
}

/** Each violation in a line: where, who and what. */
export function violationsOf(text: string, rows?: readonly ClaimsRow[]): string[] {
  return checked(text, rows).violations.map(({ rule, line, application, person, says }) =>
    [rule, line, application, person?.split("@")[0], says].filter((part) => part !== undefined).join(" "),
  );
}
