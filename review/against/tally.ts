import { compareText } from "../claims/model.ts";
import type { ChangeKind, ClaimsChange } from "../claims/model.ts";

/** How many people gain or lose a group. */
export interface GroupCount {
  readonly group: string;
  readonly gained: number;
  readonly lost: number;
}

/** What is different at one application, in numbers. */
export interface ApplicationCount {
  readonly application: string;
  /** People for whom anything is different. */
  readonly people: number;
  readonly kinds: Readonly<Partial<Record<ChangeKind, number>>>;
  /** Sorted by name. */
  readonly groups: readonly GroupCount[];
}

interface Counts {
  people: number;
  /** Whose change came last. */
  last: string | undefined;
  readonly kinds: Map<ChangeKind, number>;
  readonly groups: Map<string, { gained: number; lost: number }>;
}

/** Counts changes as they come: what is kept grows with applications and groups, and not with people. */
export class DifferenceTally {
  readonly #applications = new Map<string, Counts>();

  add({ application, person, kinds, gained, lost }: ClaimsChange): void {
    const counts = this.#countsOf(application);
    // A person's changes come one after the other.
    if (counts.last !== person) counts.people += 1;
    counts.last = person;
    for (const kind of kinds) counts.kinds.set(kind, (counts.kinds.get(kind) ?? 0) + 1);
    for (const group of gained) this.#group(counts, group).gained += 1;
    for (const group of lost) this.#group(counts, group).lost += 1;
  }

  /** Whether nothing was different for anybody. */
  get empty(): boolean {
    return this.#applications.size === 0;
  }

  /** In the order of the applications' names. */
  get applications(): readonly ApplicationCount[] {
    return [...this.#applications].map(([application, { people, kinds, groups }]) => ({
      application,
      people,
      kinds: Object.fromEntries(kinds),
      groups: [...groups]
        .map(([group, counts]) => ({ group, ...counts }))
        .sort((left, right) => compareText(left.group, right.group)),
    }));
  }

  #countsOf(application: string): Counts {
    const known = this.#applications.get(application);
    if (known !== undefined) return known;
    const counts: Counts = { people: 0, last: undefined, kinds: new Map(), groups: new Map() };
    this.#applications.set(application, counts);
    return counts;
  }

  #group({ groups }: Counts, name: string): { gained: number; lost: number } {
    const counts = groups.get(name) ?? { gained: 0, lost: 0 };
    groups.set(name, counts);
    return counts;
  }
}
