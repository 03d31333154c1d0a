import type { Config } from "../support/project.ts";
import { application, changedApplication, COMPANY_CONFIG, DIRECTORIES, POLICY_OF_ALL } from "./company.ts";

/** Something that somebody could do to the project without meaning to. */
export interface Mistake {
  /** What was done, for the table. */
  readonly done: string;
  /** The configuration after it. */
  readonly config?: Config;
  /** Source that is changed: the text must be there, once. */
  readonly code?: { readonly file: string; readonly find: string; readonly put: string };
}

const [xyz, partner] = DIRECTORIES;
const config = (changes: Config): Config => ({ ...COMPANY_CONFIG, ...changes });
const wiki = (changes: Config): Config => changedApplication("wiki", changes);
const action = (file: string, find: string, put: string) => ({ code: { file: `action/${file}`, find, put } });

const POLICY: readonly Mistake[] = [
  {
    done: "`include` and `exclude` swapped",
    config: wiki({ groupPolicy: { exclude: ["SG-APP-Wiki-*"] } }),
  },
  {
    done: "`stripPrefix` dropped",
    config: wiki({ groupPolicy: { include: ["SG-APP-Wiki-*"] } }),
  },
  {
    done: "a pattern in lower case",
    config: wiki({ groupPolicy: { include: ["sg-app-wiki-*"] } }),
  },
  {
    done: "the application's policy left out",
    config: wiki({ groupPolicy: {} }),
  },
  {
    done: "`groupsRequired` left out",
    config: wiki({ groupsRequired: false }),
  },
  {
    done: "a `rename` whose target is another group's name",
    config: wiki({
      groupPolicy: {
        include: ["SG-APP-Wiki-*"],
        stripPrefix: "SG-APP-Wiki-",
        rename: { Readers: "Writers" },
      },
    }),
  },
  {
    done: "a group renamed that an application knows by its name",
    config: config({
      groupPolicy: { ...POLICY_OF_ALL, rename: { "Admin Portal Administrators": "Admins" } },
    }),
  },
  {
    done: "an `exclude` that is too wide",
    config: config({ groupPolicy: { ...POLICY_OF_ALL, exclude: ["SG-VPN", "*Portal*"] } }),
  },
  {
    done: "`exclude` dropped",
    config: config({ groupPolicy: { maxCount: 90 } }),
  },
  {
    done: "ids in place of names",
    config: config({ groupPolicy: { maxCount: 90, identifier: "id" } }),
  },
  {
    done: "a lower `maxCount`",
    config: config({ groupPolicy: { ...POLICY_OF_ALL, maxCount: 3 } }),
  },
  {
    done: "a lower `maxBytes`",
    config: config({ groupPolicy: { ...POLICY_OF_ALL, maxBytes: 60 } }),
  },
];

const DIRECTORY: readonly Mistake[] = [
  {
    done: "the partner's directory left out",
    config: config({
      directories: [xyz],
      applications: [
        application("admin-portal"),
        application("wiki"),
        { ...application("joint"), directories: ["xyz"] },
      ],
    }),
  },
  {
    done: "the partner's directory trusted with every group",
    config: config({ directories: [xyz, { ...partner, groupPolicy: { include: ["*"] } }] }),
  },
  {
    done: "the partner let into the portal",
    config: changedApplication("admin-portal", { directories: ["xyz", "partner"] }),
  },
  {
    done: "an application loses a directory",
    config: changedApplication("joint", { directories: ["partner"] }),
  },
  {
    done: "nested groups off",
    config: config({ directories: [{ ...xyz, nestedGroups: false }, partner] }),
  },
  {
    done: "a connection renamed, and its employees with it",
    config: config({ directories: [{ ...xyz, connectionName: "entra" }, partner] }),
  },
  {
    done: "`enrichedConnections` without the company's own",
    config: config({ enrichedConnections: ["partner"] }),
  },
];

const SOURCES: readonly Mistake[] = [
  { done: "the source `event` left out", config: config({ groupSources: ["directory-sync"] }) },
  { done: "the sources in another order", config: config({ groupSources: ["management-api", "event"] }) },
  { done: "`onMissingGroups` turned to `deny`", config: config({ onMissingGroups: "deny" }) },
  { done: "the claim in the access token alone", config: config({ tokens: ["access"] }) },
  { done: "the claim renamed", config: config({ groupsClaim: "https://xyz.example/claims/group" }) },
  { done: "the Action not bound", config: config({ bindAction: false }) },
  { done: "`groupsMaxAgeMinutes` switched off", config: config({ groupsMaxAgeMinutes: 0 }) },
  { done: "`linkedIdentities` switched on", config: config({ linkedIdentities: true }) },
];

const CODE: readonly Mistake[] = [
  {
    done: "the directory's layer is left out of the policy",
    ...action("effective-policy.ts", "directoryPolicies?.[connection] ?? {}, ", ""),
  },
  {
    done: "the application's layer is left out of the policy",
    ...action("effective-policy.ts", ", application.groupPolicy ?? {}]", "]"),
  },
  {
    done: "the highest cap of the layers in place of the lowest",
    ...action(
      "effective-policy.ts",
      "Math.min(...layers.map(({ [cap]: most = Infinity }) => most))",
      "Math.max(...layers.map(({ [cap]: most = 0 }) => most)) || Infinity",
    ),
  },
  {
    done: "`exclude` is not looked at",
    ...action("policy.ts", " && !matchesOne(exclude)", ""),
  },
  {
    done: "one layer is enough for a group",
    ...action("policy.ts", "layers.every(", "layers.some("),
  },
  {
    done: "a pattern matches wherever its beginning is",
    ...action("policy.ts", "if (!name.startsWith(first)) return false;", ""),
  },
  {
    done: "the prefix is not cut",
    ...action("policy.ts", "group.slice(stripPrefix.length)", "group"),
  },
  {
    done: "groups are not sorted, so a cap keeps others",
    ...action("policy.ts", "[...new Set(selected)].sort()", "[...new Set(selected)]"),
  },
  {
    done: "caps are not looked at",
    ...action("policy.ts", "return !(index < maxCount && bytes <= maxBytes);", "return false;"),
  },
  {
    done: "nobody is denied",
    ...action("post-login.ts", "if (denied) api.access.deny(DENIAL);", ""),
  },
  {
    done: "an application without directories is for all of them",
    code: {
      file: "stack/config/applications.ts",
      find: "application.directories ?? known.slice(0, 1)",
      put: "application.directories ?? known",
    },
  },
];

/** Mistakes by what they are made in. */
export const MISTAKES: Readonly<Record<string, readonly Mistake[]>> = {
  "group policy": POLICY,
  directories: DIRECTORY,
  "the Action's settings": SOURCES,
  code: CODE,
};
