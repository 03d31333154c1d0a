import type { GroupPolicy } from "../../action/settings.ts";
import { encodeClientMetadata } from "../../action/client-metadata.ts";
import { listCommand, removeCommand, setCommand } from "./commands.ts";
import { type ConfigErrors, shown } from "./config-errors.ts";
import { nearestName } from "./nearest-name.ts";
import { readGroupPolicy } from "./group-policy.ts";
import type { Setting } from "./setting.ts";
import { displayNameProblem, resourceNameProblem } from "./texts.ts";
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
  /** Names that it has had here. Its client, with id and secret, is kept under the new name. */
  readonly formerNames: readonly string[];
  /** Names of the directories whose employees may sign in to it. */
  readonly directories: readonly string[];
  /** Whether Auth0 gives it refresh tokens. */
  readonly refreshTokens: boolean;
}

/** An application as the list has it. If it names no directories, it is for the first one's employees. */
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
    setting.error("is empty", setCommand(`${setting.key}[0].name`, "admin-portal"));
  }
  refuseRepeated(setting, applications, "name");
  refuseRepeated(setting, applications, "displayName");
  refuseFormerNames(setting, applications);
  return applications;
}

/** Gives each application its directories: those that it names, else the first one. */
export function chooseApplicationDirectories(
  applications: readonly ListedApplication[],
  directories: readonly { readonly name: string }[],
  errors: ConfigErrors,
): ApplicationConfig[] {
  const known = directories.map(({ name }) => name);
  return applications.map((application, index) => {
    for (const [at, name] of (application.directories ?? []).entries()) {
      if (name === "" || known.includes(name)) continue;
      const near = nearestName(name, known) ?? known[0] ?? "";
      const key = `applications[${index}].directories[${at}]`;
      errors.add(
        key,
        `is ${shown(name)}, which is not one of the directories ${known.join(", ")}`,
        setCommand(key, near),
      );
    }
    return { ...application, directories: application.directories ?? known.slice(0, 1) };
  });
}

function readApplication(setting: Setting): ListedApplication {
  const field = setting.fields(names);
  const name = field.name.text("reports", resourceNameProblem);
  return {
    name,
    displayName: field.displayName.present ? field.displayName.text("Reports", clientNameProblem) : name,
    callbacks: readCallbacks(field.callbacks),
    logoutUrls: field.logoutUrls.set(
      (url) => url.url("https://reports.xyz.example/", browserUrlProblem),
      "https://reports.xyz.example/",
    ),
    webOrigins: field.webOrigins.present
      ? field.webOrigins.set(
          (origin) => origin.url("https://reports.xyz.example", originProblem),
          "https://reports.xyz.example",
        )
      : [],
    ...(field.groupPolicy.present && { groupPolicy: readOwnPolicy(field.groupPolicy) }),
    ...(field.groupsRequired.present && { groupsRequired: field.groupsRequired.boolean(true) }),
    formerNames: field.formerNames.present
      ? field.formerNames.set((former) => former.text("reports", resourceNameProblem), "reports")
      : [],
    directories: field.directories.present
      ? field.directories.notEmptySet((directory) => directory.text("azure-ad"), "azure-ad")
      : undefined,
    refreshTokens: field.refreshTokens.present && field.refreshTokens.boolean(false),
  };
}

/** Reads the policy of one application, which must fit into its client's metadata. */
function readOwnPolicy(setting: Setting): GroupPolicy {
  const groupPolicy = readGroupPolicy(setting);
  try {
    encodeClientMetadata({ groupPolicy });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    setting.error(`is too long: ${reason}`, shorten(setting.key, groupPolicy));
  }
  return groupPolicy;
}

/** The command that shortens a policy most without letting through a group that it keeps out. */
function shorten(key: string, policy: GroupPolicy): string {
  const size = (part: unknown) => JSON.stringify(part ?? "").length;
  const { include = [], exclude = [], rename = {} } = policy;
  if (size(rename) >= Math.max(size(include), size(exclude))) return removeCommand(`${key}.rename`);
  return size(include) >= size(exclude)
    ? listCommand(`${key}.include`, include[0] ?? "")
    : listCommand(`${key}.exclude`, "*");
}

function readCallbacks(setting: Setting): string[] {
  const example = "https://reports.xyz.example/oidc/callback/";
  const callbacks = setting.set((url) => url.url(example, browserUrlProblem), example);
  if (Array.isArray(setting.value) && callbacks.length === 0) {
    setting.error(
      "is empty, so nobody could come back from the sign-in",
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
      // Two equal names have equal display names as well: one error is enough.
      if (field === "displayName" && application.name === applications[earlier]?.name) continue;
      setting.error(
        `[${index}] has the same ${field} as [${earlier}], ${shown(value)}`,
        field === "name"
          ? setCommand(`${setting.key}[${index}].name`, `${value}-2`)
          : setCommand(`${setting.key}[${index}].displayName`, `${value} 2`),
      );
    }
    if (earlier === undefined) seen.set(value, index);
  }
}

/** A former name may belong to only one application, or the engine would not know whose client it is. */
function refuseFormerNames(setting: Setting, applications: readonly ListedApplication[]): void {
  const owners = new Map(applications.map(({ name }, index) => [name, `[${index}].name`]));
  for (const [index, { formerNames }] of applications.entries()) {
    for (const [at, former] of formerNames.entries()) {
      const owner = owners.get(former);
      const path = `[${index}].formerNames[${at}]`;
      if (former !== "" && owner !== undefined) {
        setting.error(
          `${path} is ${shown(former)}, and so is ${owner}`,
          removeCommand(`${setting.key}${path}`),
        );
      } else owners.set(former, path);
    }
  }
}

function clientNameProblem(name: string): string | undefined {
  return /[<>]/.test(name) ? "and Auth0 refuses < and > in a client's name" : displayNameProblem(name);
}
