import { isPlainObject } from "./protocol.ts";
import type { FlowServices } from "./types.ts";

/** Asks a service for an Action. The arguments are checked, since they may come from the Action itself. Never rejects. */
export async function answerCall(
  services: FlowServices,
  method: string,
  args: unknown,
): Promise<{ value: unknown } | { error: string }> {
  try {
    switch (method) {
      case "getUserGroups":
        return { value: await services.getUserGroups(pageOf(args)) };
      case "getUserEffectiveRoles":
        return { value: await services.getUserEffectiveRoles(pageOf(args)) };
      case "hasGroupMembership":
        return { value: await services.hasGroupMembership(namesOf(args)) };
      default:
        return { error: `There is no service "${method.slice(0, 100)}".` };
    }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
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
