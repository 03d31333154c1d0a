import type { Finding } from "./finding.ts";
import type { BoundAction } from "./look.ts";

/** One entry of the list that the stack is going to write. */
export interface PlannedBinding {
  /** Absent if it is not known yet. Only our own Action's may be unknown. */
  readonly actionId?: string;
  readonly displayName: string;
  /** Whether it is our Action. */
  readonly own: boolean;
}

/**
 * Finds what the list that the stack is going to write does to the Actions of others: which ones it unbinds,
 * which ones it moves from before ours to after it or the other way round, and which ones it swaps with each
 * other.
 *
 * @param resource The list's name in the program.
 * @param own Our Action's name in the tenant.
 * @param bound What the tenant runs at sign-in today, in this order.
 */
export function loginFlowFindings(
  resource: string,
  own: string,
  planned: readonly PlannedBinding[],
  bound: readonly BoundAction[],
): Finding[] {
  const ownNow = bound.findIndex(({ name }) => name === own);
  const ownThen = planned.findIndex((entry) => entry.own);
  const others = bound.filter((_, index) => index !== ownNow);
  const placeNow = (entry: BoundAction) => bound.indexOf(entry);
  const placeThen = ({ actionId }: BoundAction) => planned.findIndex((entry) => entry.actionId === actionId);
  const kept = others.filter((entry) => placeThen(entry) >= 0);
  const texts = [
    ...others
      .filter((entry) => placeThen(entry) < 0)
      .map((entry) => `${resource} would unbind ${shown(entry)}, which runs at sign-in today`),
    ...(ownNow >= 0 && ownThen >= 0 ? kept : []).flatMap((entry) => {
      const [now, then] = [side(placeNow(entry), ownNow), side(placeThen(entry), ownThen)];
      return now === then
        ? []
        : [`${resource} would run ${shown(entry)} ${then} ours, but today it runs ${now} ours`];
    }),
    ...kept.flatMap((entry, index) => {
      const next = kept[index + 1];
      return next !== undefined && placeThen(next) < placeThen(entry)
        ? [`${resource} would run ${shown(next)} before ${shown(entry)}, but today it runs after it`]
        : [];
    }),
  ];
  if (texts.length === 0) return [];
  const lines = keepingLines(planned, others, { ownNow, ownThen, placeNow });
  return texts.map((text, index) => (index === texts.length - 1 ? { text, lines } : { text }));
}

interface Places {
  readonly ownNow: number;
  readonly ownThen: number;
  readonly placeNow: (entry: BoundAction) => number;
}

/** The two lists of the configuration that move nobody. Entries that are not bound yet stay as configured. */
function keepingLines(
  planned: readonly PlannedBinding[],
  others: readonly BoundAction[],
  { ownNow, ownThen, placeNow }: Places,
): string[] {
  const configured = (after: boolean) =>
    planned
      .filter(({ own }, index) => !own && (ownThen >= 0 && index > ownThen) === after)
      .map(({ actionId = "", displayName }) => ({ actionId, displayName }));
  const isAfter = (actionId: string) => configured(true).some((entry) => entry.actionId === actionId);
  // If ours does not run yet, it goes after all Actions that are not configured to run after it.
  const firstAfter = others.findIndex(({ actionId }) => isAfter(actionId));
  const cut = ownNow >= 0 ? others.filter((entry) => placeNow(entry) < ownNow).length : firstAfter;
  const split = cut < 0 ? others.length : cut;
  const fresh = (after: boolean) =>
    configured(after).filter((entry) => !others.some(({ actionId }) => actionId === entry.actionId));
  return [
    ...listLines("postLoginBefore", [...others.slice(0, split), ...fresh(false)]),
    ...listLines("postLoginAfter", [...others.slice(split), ...fresh(true)]),
  ];
}

function listLines(key: string, entries: readonly { actionId: string; displayName: string }[]): string[] {
  if (entries.length === 0) return [];
  return [
    `${key}:`,
    ...entries.flatMap(({ actionId, displayName }) => [
      `  - actionId: ${JSON.stringify(actionId)}`,
      `    displayName: ${JSON.stringify(displayName)}`,
    ]),
  ];
}

function side(place: number, own: number): "before" | "after" {
  return place < own ? "before" : "after";
}

function shown({ displayName, actionId }: BoundAction): string {
  return `${JSON.stringify(displayName)} (${actionId})`;
}
