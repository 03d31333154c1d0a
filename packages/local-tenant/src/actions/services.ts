import { isPlainObject } from "./parse-message.ts";
import type { Answer, ServiceName } from "./protocol.ts";
import type { FlowServices } from "./types.ts";

const SERVICES: {
  readonly [Name in ServiceName]: (services: FlowServices, args: unknown) => ReturnType<FlowServices[Name]>;
} = {
  getUserGroups: (services, args) => services.getUserGroups(pageOf(args)),
  getUserEffectiveRoles: (services, args) => services.getUserEffectiveRoles(pageOf(args)),
  hasGroupMembership: (services, args) => services.hasGroupMembership(namesOf(args)),
};

/**
 * Asks a service for an Action. The arguments are checked, since they may come from the Action itself. Never
 * rejects.
 */
export async function answerCall(services: FlowServices, method: string, args: unknown): Promise<Answer> {
  if (!isService(method)) return { error: `There is no service "${method.slice(0, 100)}".` };
  try {
    return { value: await SERVICES[method](services, args) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function isService(method: string): method is ServiceName {
  return Object.hasOwn(SERVICES, method);
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
