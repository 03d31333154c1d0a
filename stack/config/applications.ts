import type { GroupPolicy } from "../../action/settings.ts";
import { encodeClientMetadata } from "../../action/client-metadata.ts";
import { type Faults, nearestName, removeCommand, setCommand, shown } from "./faults.ts";
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
  /** Names that it has had here: its client, with id and secret, goes on under the new one. */
  readonly formerNames: readonly string[];
  /** Names of the directories whose employees may sign in to it. */
  readonly directories: readonly string[];
  /** Whether Auth0 gives it refresh tokens. */
  readonly refreshTokens: boolean;
}

/** An application as it says itself; without directories of its own it is for the first one's employees. */
export type ListedApplication = Omit<ApplicationConfig, "directories"> & {
  readonly directories: readonly string[] | undefined;
};

const names = [
  "name",
  "displayName",
  "callbacks",
  "logoutUrls",
  "webOrigins",
  "groupPolicy",
  "groupsRequired",
  "formerNames",
  "directories",
  "refreshTokens",
] as const;

/** Reads the list of applications: at least one, with names that differ. */
export function readApplications(setting: Setting): ListedApplication[] {
  const applications = setting.list(readApplication, "{}");
  if (Array.isArray(setting.value) && applications.length === 0) {
    setting.fault("is empty", setCommand(`${setting.key}[0].name`, "admin-portal"));
  }
  refuseRepeated(setting, applications, "name");
  refuseRepeated(setting, applications, "displayName");
  return applications;
}

/** Gives each application its directories: those that it names, or the first one. */
export function chooseApplicationDirectories(
  applications: readonly ListedApplication[],
  directories: readonly { readonly name: string }[],
  faults: Faults,
): ApplicationConfig[] {
  const known = directories.map(({ name }) => name);
  return applications.map((application, index) => {
    for (const [at, name] of (application.directories ?? []).entries()) {
      if (name === "" || known.includes(name)) continue;
      const near = nearestName(name, known) ?? known[0] ?? "";
      const key = `applications[${index}].directories[${at}]`;
      faults.add(
        key,
        `is ${shown(name)}, and the directories are ${known.join(", ")}`,
        setCommand(key, near),
      );
    }
    return { ...application, directories: application.directories ?? known.slice(0, 1) };
  });
}

function readApplication(setting: Setting): ListedApplication {
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
    formerNames: field.formerNames.present
      ? field.formerNames.set((former) => former.text("reports", nameProblem), "reports")
      : [],
    directories: field.directories.present
      ? field.directories.notEmptySet((directory) => directory.text("azure-ad"), "azure-ad")
      : undefined,
    refreshTokens: field.refreshTokens.present && field.refreshTokens.boolean(),
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

function refuseRepeated(
  setting: Setting,
  applications: readonly ListedApplication[],
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
