import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT, sampleDirectoryFile } from "../../support/sample.ts";
import { applicationWith, SAMPLE_CONFIG } from "../support/project.ts";
import type { Config } from "../support/project.ts";

const CLIENT_ID = "00000000-0000-4000-8000-000000000000";

/** The company's own directory and its partner's. */
export const DIRECTORIES: readonly [xyz: Config, partner: Config] = [
  {
    ...{ name: "xyz", connectionName: "azure-ad", tenantDomain: "xyz.onmicrosoft.com", clientId: CLIENT_ID },
    nestedGroups: true,
  },
  {
    ...{ name: "partner", tenantDomain: "partner.onmicrosoft.com", clientId: CLIENT_ID },
    groupPolicy: { include: ["NW-*"] },
  },
];

const APPLICATIONS: readonly Config[] = [
  applicationWith("admin-portal"),
  applicationWith("wiki", {
    groupPolicy: { include: ["SG-APP-Wiki-*"], stripPrefix: "SG-APP-Wiki-" },
    groupsRequired: true,
  }),
  applicationWith("joint", { directories: ["xyz", "partner"], groupPolicy: { maxCount: 2 } }),
];

/** The stack's own policy. */
export const POLICY_OF_ALL: Config = { exclude: ["SG-VPN"], maxCount: 90 };

/** What the stack of the company is before anybody makes a mistake. */
export const COMPANY_CONFIG: Config = {
  groupsClaim: SAMPLE_CONFIG["groupsClaim"],
  directories: DIRECTORIES,
  groupPolicy: POLICY_OF_ALL,
  groupsMaxAgeMinutes: 1440,
  applications: APPLICATIONS,
};

export function application(name: string): Config {
  return APPLICATIONS.find((each) => each["name"] === name) ?? {};
}

/** The configuration with values of one application changed. */
export function changedApplication(name: string, changes: Config): Config {
  const applications = APPLICATIONS.map((each) => (each["name"] === name ? { ...each, ...changes } : each));
  return { ...COMPANY_CONFIG, applications };
}

/** The contracts of the sample company. */
export const CONTRACTS_FILE = join(CHECKOUT, "test/sample/access.yaml");

/** The sample company's directory file, with the account that must always get in. */
export function directoryText(): string {
  const company = JSON.parse(readFileSync(sampleDirectoryFile, "utf8")) as { employees: { email: string }[] };
  const email = "break-glass@xyz.example";
  const others = company.employees.filter((employee) => employee.email !== email);
  const account = {
    ...{ id: "5e0f6a1c-9d47-4c53-8b3e-2a6d1f70c9e4", email, name: "Break Glass", givenName: "Break" },
    ...{ familyName: "Glass", department: "Security", jobTitle: "Emergency Access Account" },
    groups: ["Admin Portal Administrators"],
  };
  return JSON.stringify({ ...company, employees: [...others, account] });
}
