import { policyFor } from "../../action/effective-policy.ts";
import type { EffectivePolicy } from "../../action/effective-policy.ts";
import { groupsOf } from "../../packages/local-tenant/src/directory/directory.ts";
import type { Directory, DirectoryGroup, EntraTenant } from "../../packages/local-tenant/src/index.ts";
import type { ActionModel, AskedGroups } from "../claims/action-model.ts";
import type { ClaimsOutcome, ClaimsRow } from "../claims/model.ts";
import { whyUnread } from "./outcomes.ts";
import { capOwner, verdictsOf } from "./verdict.ts";
import type { GroupVerdict, LayerNames } from "./verdict.ts";

/** Why one group of the directory is in somebody's token or not. */
export interface GroupExplanation extends GroupVerdict {
  /** Its name in the directory. */
  readonly group: string;
  /** Its object id, where the policies speak of ids. */
  readonly id?: string;
  /** Whether the person is in it only by way of another group. */
  readonly nested: boolean;
  /** Whether the token that the sign-in gave has it. */
  readonly inToken: boolean;
}

/**
 * Why somebody's token of an application is as it is, by one connection. Everything here can be written as
 * JSON.
 */
export interface Explanation {
  readonly application: string;
  readonly person: string;
  readonly connection: string;
  readonly directory: string;
  readonly outcome: ClaimsOutcome;
  /** Why, where nobody signed in. */
  readonly reason?: string;
  /** What holds for all groups, in sentences: source, identity, age, policies, caps. */
  readonly facts: readonly string[];
  /** In the directory's order, those by way of other groups after the others. */
  readonly groups: readonly GroupExplanation[];
  /** Groups in the token that the Action's rules do not account for, such as those of another Action. */
  readonly unexplained: readonly string[];
}

/** Explains rows of one side, for the people of one directory file. */
export function explainerOf(
  model: ActionModel | undefined,
  company: Directory,
): (row: ClaimsRow) => Explanation {
  const directories = new Map(
    [company, ...(company.directories ?? [])].map((directory) => [directory.domain, directory]),
  );
  return (row) => explain(row, model, directories.get(row.directory) ?? company);
}

function explain(row: ClaimsRow, model: ActionModel | undefined, directory: EntraTenant): Explanation {
  const { application, person, connection, outcome, reason } = row;
  const head = { application, person, connection, directory: row.directory, outcome };
  const all = allGroups(directory, person);
  const { facts, judge } = judgeFor(row, model, all);
  const groups = all.map((group, index): GroupExplanation => {
    const judged = judge(group, index);
    return { ...judged, inToken: judged.name !== undefined && row.groups.includes(judged.name) };
  });
  const accounted = new Set(groups.filter(({ verdict }) => verdict === "in").map(({ name }) => name));
  return {
    ...head,
    ...(reason !== undefined && { reason }),
    facts,
    groups,
    // Where the rules are not known, nothing is against them.
    unexplained: model === undefined ? [] : row.groups.filter((name) => !accounted.has(name)),
  };
}

interface PersonsGroup extends DirectoryGroup {
  readonly nested: boolean;
}

type Judged = Omit<GroupExplanation, "inToken">;

interface Judging {
  readonly facts: readonly string[];
  readonly judge: (group: PersonsGroup, index: number) => Judged;
}

function judgeFor(row: ClaimsRow, model: ActionModel | undefined, all: readonly PersonsGroup[]): Judging {
  const { connection, marks } = row;
  const unread = marks.flatMap((mark) => whyUnread(mark) ?? []);
  if (connection === "") return unreadAll([], row.reason ?? "Nobody is signed in.");
  if (model === undefined)
    return unreadAll([], "The Action is not this project's, so its rules are not known.");
  const known = model.connections[connection] ?? { groups: true, nested: true, most: 0 };
  // What is synced into Auth0 is not what the connection brings at a sign-in.
  const asked = row.source === "directory-sync" ? { ...known, groups: true, most: 0 } : known;
  const policy = policyFor(model.settings, connection, model.applications[row.application] ?? {});
  const names = layerNames(row);
  const facts = factsOf(row, model, policy, names);
  if (unread.length > 0) return unreadAll(facts, unread.join(" "), asked);
  // A run that failed before the Action said anything has read nothing.
  if (row.source === undefined) return unreadAll(facts, row.reason ?? "The Action has not run.", asked);
  const given = all.filter((group, index) => askedFor(group, index, asked) === undefined);
  const identified = (group: DirectoryGroup) => (policy.identifier === "id" ? group.id : group.name);
  const verdicts = verdictsOf(given.map(identified), policy, names);
  const byGroup = new Map(given.map((group, index) => [group.name, verdicts[index]]));
  return {
    facts,
    judge: (group, index) => {
      const said = byGroup.get(group.name);
      const id = policy.identifier === "id" ? { id: group.id } : {};
      return said === undefined
        ? unreadGroup(group, askedFor(group, index, asked) ?? "")
        : { group: group.name, ...id, nested: group.nested, ...said };
    },
  };
}

function unreadAll(facts: readonly string[], why: string, asked?: AskedGroups): Judging {
  const judge: Judging["judge"] = (group, index) =>
    unreadGroup(group, (asked && askedFor(group, index, asked)) ?? why);
  return { facts, judge };
}

function unreadGroup({ name, nested }: PersonsGroup, step: string): Judged {
  return { group: name, nested, verdict: "unread", steps: [step] };
}

/** Why the connection does not get a group from its directory; undefined where it does. */
function askedFor({ nested }: PersonsGroup, index: number, asked: AskedGroups): string | undefined {
  if (!asked.groups) return "The connection does not ask the directory for groups.";
  if (nested && !asked.nested) {
    return "It is a group of a group, and the connection does not ask for those (nestedGroups).";
  }
  if (asked.most === 0 || index < asked.most) return undefined;
  return `The connection asks for ${asked.most} groups at most (maxGroups), and others come before it.`;
}

/** Direct groups first, as the directory gives them. */
function allGroups(directory: EntraTenant, email: string): PersonsGroup[] {
  const employee = directory.employees.find((each) => each.email === email);
  if (employee === undefined) return [];
  const direct = new Set(employee.groups);
  return groupsOf(directory, employee, { nested: true }).map((group) => ({
    ...group,
    nested: !direct.has(group.name),
  }));
}

function layerNames({ connection, application }: ClaimsRow): LayerNames {
  return [
    "the stack's groupPolicy",
    `the groupPolicy of the directory behind ${JSON.stringify(connection)}`,
    `the groupPolicy of the application ${JSON.stringify(application)}`,
  ];
}

function factsOf(
  row: ClaimsRow,
  { settings, applications }: ActionModel,
  policy: EffectivePolicy,
  names: LayerNames,
): string[] {
  const { groupsMaxAgeMinutes: age = 0, groupSources } = settings;
  const required = applications[row.application]?.groupsRequired ?? settings.onMissingGroups === "deny";
  const caps = (["maxCount", "maxBytes"] as const).map((cap) => {
    return `${cap} ${policy[cap]} (${capOwner(cap, policy, names)})`;
  });
  return [
    row.source === undefined
      ? `No source answered; they are asked in this order: ${groupSources.join(", ")}.`
      : `The source is ${row.source}, the first that knew the groups of: ${groupSources.join(", ")}.`,
    row.marks.includes("linked")
      ? "The account is linked to another profile."
      : "The profile has one account, which is this connection's own; none is linked.",
    age === 0
      ? "Groups may be of any age (groupsMaxAgeMinutes is not set)."
      : `The sign-in is new; groups would be too old after ${age} minutes (groupsMaxAgeMinutes).`,
    `Policies speak of groups by ${policy.identifier}.`,
    `Caps: ${caps.join(", ")}.`,
    ...(row.marks.includes("not-carried") ? ["This sign-in issues no token that carries the claim."] : []),
    ...(required ? ["Who has no group is not let in (groupsRequired, onMissingGroups)."] : []),
  ];
}
