import type { ManagementApi } from "./management-api.ts";
import { segment } from "./management-api.ts";
import type { Props } from "./values.ts";
import { isObject } from "./values.ts";

/** Names of the triggers that the auth0 plugin 3.49.0 takes. */
export const TRIGGERS = [
  "post-login",
  "credentials-exchange",
  "pre-user-registration",
  "post-user-registration",
  "post-change-password",
  "send-phone-message",
  "password-reset-post-challenge",
  "custom-email-provider",
  "custom-phone-provider",
  "login-post-identifier",
  "signup-post-identifier",
];

/** One Action of a trigger's list, and the name that it has there. */
export interface BoundAction {
  readonly id: unknown;
  readonly displayName: unknown;
}

/** Where a trigger's list of bound Actions is. */
export function bindingsPath(trigger: string): string {
  return `/actions/triggers/${segment(trigger)}/bindings`;
}

/** The list as a request carries it. */
export function toBindings(actions: readonly BoundAction[]): Props[] {
  return actions.map(({ id, displayName }) => ({
    display_name: displayName,
    ref: { type: "action_id", value: id },
  }));
}

/** What an answer lists. */
export function boundActions({ bindings }: Props): BoundAction[] {
  return (Array.isArray(bindings) ? bindings.filter(isObject) : []).map((binding) => ({
    id: (isObject(binding["action"]) ? binding["action"]["id"] : undefined) ?? "",
    displayName: binding["display_name"] ?? "",
  }));
}

/** Everything that is bound to a trigger, in its order, page by page. */
export async function readBindings(api: ManagementApi, trigger: string): Promise<BoundAction[]> {
  const found: BoundAction[] = [];
  for (let page = 0; ; page += 1) {
    const answer = await api.get(`${bindingsPath(trigger)}?page=${page}&per_page=100`);
    found.push(...boundActions(answer));
    if (!hasNext(answer)) return found;
  }
}

/**
 * The SDK's rule for another page. The live API's first page has a `total`, but neither `start` nor `limit`.
 * So a second page is requested, which has no `total`.
 */
function hasNext({ next, total, start, limit }: Props): boolean {
  if (typeof next === "string" && next !== "") return true;
  return count(total) > count(start) + count(limit);
}

function count(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
