import { createHash } from "node:crypto";
import type { Directory, DirectoryGroup, Employee } from "../../../packages/local-tenant/src/index.ts";

const DEPARTMENTS = ["Engineering", "Sales", "Finance", "Operations", "Legal"];

/**
 * A made-up company of any size, the same each time: everybody is in eight groups, of which some lie inside
 * others, as in a directory that has grown for years.
 */
export function largeCompany(people: number, groupCount = Math.max(50, Math.ceil(people / 10))): Directory {
  const groupName = (index: number) =>
    `${index % 7 === 0 ? "SG-APP" : "Team"}-${String(index).padStart(5, "0")}`;
  const groups = Array.from({ length: groupCount }, (_, index): DirectoryGroup => ({
    id: uuid(`group ${index}`),
    name: groupName(index),
    memberOf: index > 0 && index % 5 === 0 ? [groupName(Math.floor(index / 5))] : [],
  }));
  const employees = Array.from({ length: people }, (_, index): Employee => ({
    id: uuid(`person ${index}`),
    email: `person.${String(index).padStart(6, "0")}@xyz.example`,
    name: `Person Number ${index}`,
    givenName: "Person",
    familyName: `Number ${index}`,
    department: DEPARTMENTS[index % DEPARTMENTS.length] ?? "",
    jobTitle: "Engineer",
    groups: Array.from({ length: 8 }, (_unused, each) =>
      groupName((index * 31 + each * 97) % groupCount),
    ).filter((name, position, all) => all.indexOf(name) === position),
  }));
  const [first] = employees;
  return { company: "XYZ", domain: "xyz.example", defaultEmployee: first?.email ?? "", employees, groups };
}

function uuid(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}
