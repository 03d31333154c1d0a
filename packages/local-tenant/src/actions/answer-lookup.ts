import { isPlainObject } from "./parse-message.ts";
import type { Answer, LookupName } from "./protocol.ts";
import type { FlowLookups } from "./types.ts";

const LOOKUPS: {
  readonly [Name in LookupName]: (lookups: FlowLookups, args: unknown) => ReturnType<FlowLookups[Name]>;
} = {
  getUserGroups: (lookups, args) => lookups.getUserGroups(pageOf(args)),
  getUserEffectiveRoles: (lookups, args) => lookups.getUserEffectiveRoles(pageOf(args)),
  hasGroupMembership: (lookups, args) => lookups.hasGroupMembership(namesOf(args)),
};

/**
 * Looks something up for an Action. The arguments are checked, since they may come from the Action itself.
 * Never rejects.
 */
export async function answerLookup(lookups: FlowLookups, method: string, args: unknown): Promise<Answer> {
  if (!isLookup(method)) return { error: `There is no lookup "${method.slice(0, 100)}".` };
  try {
    return { value: await LOOKUPS[method](lookups, args) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function isLookup(method: string): method is LookupName {
  return Object.hasOwn(LOOKUPS, method);
}

function pageOf(args: unknown): { take?: number; from?: string } {
  const { take, from } = isPlainObject(args) ? args : {};
  return {
    ...(typeof take === "number" && Number.isInteger(take) && take > 0 ? { take } : {}),
    ...(typeof from === "string" ? { from } : {}),
  };
}

function namesOf(args: unknown): string[] {
  return Array.isArray(args) ? args.filter((name) => typeof name === "string") : [];
}
