import type { GroupPolicy } from "../../action/settings.ts";
import { encodeClientMetadata } from "../../action/client-metadata.ts";
import { removeCommand, setCommand, shown } from "./faults.ts";
import { readGroupPolicy } from "./group-policy.ts";
import type { Setting } from "./setting.ts";
import { browserUrlProblem, originProblem } from "./urls.ts";

/** One application as configured. */
export interface ApplicationConfig {
  /** Lower-case letters, digits and dashes; part of the names of its resources and its key in the outputs. */
  readonly name: string;
  /** The name that employees read; the application's name unless configured. */
  readonly displayName: string;
  readonly callbacks: readonly string[];
  readonly logoutUrls: readonly string[];
  readonly webOrigins: readonly string[];
  /** Overrides the stack's policy for this application, field by field. */
  readonly groupPolicy?: GroupPolicy;
  /** Whether an employee without a group of the policy is kept out of this application. */
  readonly groupsRequired?: boolean;
}

/** The application that the stack exists for, always the first of the list. */
const firstName = "admin-portal";

const names = [
  "name",
  "displayName",
  "callbacks",
  "logoutUrls",
  "webOrigins",
  "groupPolicy",
  "groupsRequired",
] as const;

/** Reads the list of applications; their names differ and the first one is `admin-portal`. */
export function readApplications(setting: Setting): ApplicationConfig[] {
  const applications = setting.list(readApplication, "admin-portal");
  if (Array.isArray(setting.value)) checkFirst(setting, applications);
  refuseRepeated(setting, applications, "name");
  refuseRepeated(setting, applications, "displayName");
  return applications;
}

function readApplication(setting: Setting): ApplicationConfig {
  const field = setting.fields(names);
  const name = field.name.text("reports", nameProblem);
  return {
    name,
    displayName: field.displayName.present ? field.displayName.text("Reports", displayNameProblem) : name,
    callbacks: readCallbacks(field.callbacks),
    logoutUrls: field.logoutUrls.set(
      (url) => url.text("https://reports.xyz.example/", browserUrlProblem),
      "https://reports.xyz.example/",
    ),
    webOrigins: field.webOrigins.present
      ? field.webOrigins.set(
          (origin) => origin.text("https://reports.xyz.example", originProblem),
          "https://reports.xyz.example",
        )
      : [],
    ...(field.groupPolicy.present && { groupPolicy: readOwnPolicy(field.groupPolicy) }),
    ...(field.groupsRequired.present && { groupsRequired: field.groupsRequired.boolean() }),
  };
}

/** Reads the policy of one application, which travels in its client's metadata and has to fit there. */
function readOwnPolicy(setting: Setting): GroupPolicy {
  const groupPolicy = readGroupPolicy(setting);
  try {
    encodeClientMetadata({ groupPolicy });
  } catch (error) {
    setting.fault(
      `does not fit: ${error instanceof Error ? error.message : String(error)}`,
      removeCommand(setting.key),
    );
  }
  return groupPolicy;
}

function readCallbacks(setting: Setting): string[] {
  const example = "https://reports.xyz.example/oidc/callback/";
  const callbacks = setting.set((url) => url.text(example, browserUrlProblem), example);
  if (Array.isArray(setting.value) && callbacks.length === 0) {
    setting.fault(
      "is empty, and nobody could come back from the sign-in",
      setCommand(`${setting.key}[0]`, example),
    );
  }
  return callbacks;
}

function checkFirst(setting: Setting, applications: readonly ApplicationConfig[]): void {
  const first = applications[0]?.name;
  if (first === firstName) return;
  const mend = setCommand(`${setting.key}[0].name`, firstName);
  if (first === undefined) setting.fault(`is empty, and ${firstName} has to be the first of the list`, mend);
  else if (first !== "")
    setting.fault(`begins with ${shown(first)}, and has to begin with ${firstName}`, mend);
}

function refuseRepeated(
  setting: Setting,
  applications: readonly ApplicationConfig[],
  field: "name" | "displayName",
): void {
  const seen = new Map<string, number>();
  for (const [index, application] of applications.entries()) {
    const value = application[field];
    const earlier = seen.get(value);
    if (value !== "" && earlier !== undefined) {
      // Two equal names have equal display names as well: one fault is enough.
      if (field === "displayName" && application.name === applications[earlier]?.name) continue;
      setting.fault(
        `[${index}] has the ${field} ${shown(value)} of [${earlier}]`,
        field === "name"
          ? setCommand(`${setting.key}[${index}].name`, `${value}-2`)
          : setCommand(`${setting.key}[${index}].displayName`, `${value} 2`),
      );
    }
    if (earlier === undefined) seen.set(value, index);
  }
}

function nameProblem(name: string): string | undefined {
  return /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/.test(name)
    ? undefined
    : "not 1 to 64 lower-case letters, digits and inner dashes";
}

function displayNameProblem(name: string): string | undefined {
  return /[<>]/.test(name) ? "and Auth0 takes no < or > in a client's name" : undefined;
}
