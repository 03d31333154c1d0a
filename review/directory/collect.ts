import { Places } from "./places.ts";
import type { Place, WrongRow } from "./places.ts";
import { derivedId } from "./pseudonym.ts";
import { shown } from "./rows.ts";
import type { GroupRow, MembersRow, PersonRow, Row } from "./rows.ts";

/** A group of the export. Groups of one name have different ids, and are one group in a directory's file. */
interface Group {
  readonly id: string;
  readonly name: string;
  readonly place: Place;
  /** The groups that it is a member of. */
  readonly parents: Set<Group>;
}

export interface Counts {
  people: number;
  disabled: number;
  /** People of whom the export does not say whether they are disabled. */
  unknown: number;
  /** Memberships of devices, contacts and applications. */
  others: number;
}

/**
 * What has to be known of all files before a line of the directory can be written: who is in which group, and
 * whether every reference is right. Keeps no more of a person than that.
 */
export class Collection {
  readonly wrong: WrongRow[] = [];
  readonly counts: Counts = { people: 0, disabled: 0, unknown: 0, others: 0 };
  readonly #places: Places;
  /** Sets the made-up ids of this directory apart from those of another one. */
  readonly #salt: string;
  /** By id and by email; a made-up id is in neither, because it says no more than the email. */
  readonly #people = new Map<string, Place>();
  readonly #emails = new Map<string, Place>();
  readonly #disabled = new Set<string>();
  readonly #domains = new Map<string, number>();
  readonly #groups = new Map<string, Group>();
  readonly #names = new Map<string, Group>();
  /** Ids of groups of which a file says who is in them, be it nobody. */
  readonly #listed = new Map<string, Place>();
  readonly #members = new Map<string, { place: Place; readonly groups: Set<string> }>();

  constructor(files: readonly string[], salt: string) {
    this.#places = new Places(files);
    this.#salt = salt;
  }

  /** Marks ids and an email as those of somebody who is in the file already. */
  reserve(file: string, ids: readonly string[], emails: readonly string[]): void {
    const place = this.#places.whole(file);
    for (const id of ids) this.#people.set(id.toLowerCase(), place);
    for (const email of emails) this.#emails.set(email.toLowerCase(), place);
  }

  add(file: number, row: Row): void {
    const place = this.#places.of(file, row.line);
    if (row.kind === "bad") this.#refuse(place, row.reason);
    else if (row.kind === "person") this.#addPerson(place, row);
    else if (row.kind === "group") this.#addGroup(place, row);
    else this.#addMembers(place, row);
  }

  /** The id of a person, from the export or made from the email. */
  idOf(row: PersonRow): string {
    return row.id ?? derivedId(this.#salt, "person", row.email.toLowerCase());
  }

  #addPerson(place: Place, row: PersonRow): void {
    const earlier = row.id === undefined ? undefined : this.#people.get(row.id);
    if (earlier !== undefined) {
      return this.#refuse(place, `the id ${row.id} was already in ${this.#places.text(earlier)}`);
    }
    if (row.enabled === false) {
      if (row.id !== undefined) this.#disabled.add(row.id);
      this.counts.disabled += 1;
      return;
    }
    const email = copyOf(row.email.toLowerCase());
    const other = this.#emails.get(email);
    if (other !== undefined) {
      return this.#refuse(place, `the email ${shown(row.email)} was already in ${this.#places.text(other)}`);
    }
    if (row.id !== undefined) this.#people.set(copyOf(row.id), place);
    this.#emails.set(email, place);
    this.counts.people += 1;
    if (row.enabled === undefined) this.counts.unknown += 1;
    const domain = email.slice(email.lastIndexOf("@") + 1);
    this.#domains.set(domain, (this.#domains.get(domain) ?? 0) + 1);
    for (const name of row.groups) this.#named(place, name);
  }

  #addGroup(place: Place, row: GroupRow): void {
    const earlier = this.#groups.get(row.id);
    if (earlier?.name === row.name) return;
    if (earlier !== undefined) {
      return this.#refuse(place, `the group id ${row.id} was already in ${this.#places.text(earlier.place)}`);
    }
    const group: Group = { id: row.id, name: row.name, place, parents: new Set() };
    this.#groups.set(row.id, group);
    const found = this.#spelledAs(place, row.name);
    // One that was made for a name beside a person has no id of the directory; this one has.
    const isFirst = found === undefined || !this.#groups.has(found.id);
    if (isFirst) this.#names.set(row.name.toLowerCase(), group);
  }

  /** The group of a name that stands beside a person; it is made where no file lists it. */
  #named(place: Place, name: string): void {
    if (this.#spelledAs(place, name) !== undefined) return;
    const id = derivedId(this.#salt, "group", name);
    this.#names.set(name.toLowerCase(), { id, name, place, parents: new Set() });
  }

  #spelledAs(place: Place, name: string): Group | undefined {
    const found = this.#names.get(name.toLowerCase());
    if (found !== undefined && found.name !== name) {
      const other = `${shown(found.name)} in ${this.#places.text(found.place)}`;
      this.#refuse(place, `the group ${shown(name)} is spelled otherwise than ${other}`);
    }
    return found;
  }

  #addMembers(place: Place, row: MembersRow): void {
    if (!this.#listed.has(row.group)) this.#listed.set(row.group, place);
    for (const { id, type } of row.members) {
      if (type === "other") {
        this.counts.others += 1;
        continue;
      }
      const found = this.#members.get(id);
      if (found === undefined) this.#members.set(id, { place, groups: new Set([row.group]) });
      else found.groups.add(row.group);
    }
  }

  /** Looks at the references between rows, after the last of them. */
  finish(): void {
    for (const [group, place] of this.#listed) {
      if (this.#groups.has(group)) continue;
      this.#refuse(place, `it has members of the group ${group}, which no file has`);
    }
    for (const [id, { place, groups }] of this.#members) {
      const found = [...groups].flatMap((group) => this.#groups.get(group) ?? []);
      const child = this.#groups.get(id);
      for (const group of found) child?.parents.add(group);
      if (child !== undefined || this.#people.has(id) || this.#disabled.has(id)) continue;
      const name = found[0]?.name ?? [...groups][0];
      this.#refuse(
        place,
        `the group ${shown(name)} has the member ${id}, whom no file has as a user or a group`,
      );
    }
    this.#compareNamesakes();
  }

  /**
   * Two groups of one name can be one only where both are members of the same groups: or people would gain
   * some.
   */
  #compareNamesakes(): void {
    for (const group of this.#groups.values()) {
      const first = this.#names.get(group.name.toLowerCase());
      if (first === undefined || first === group || first.name !== group.name) continue;
      const names = (one: Group) => JSON.stringify([...one.parents].map(({ name }) => name).toSorted());
      if (names(first) === names(group)) continue;
      const other = `${first.id} in ${this.#places.text(first.place)}`;
      this.#refuse(
        group.place,
        `the group ${shown(group.name)} has the name of ${other}, and they are members of different groups; rename one in the export`,
      );
    }
  }

  /** How many groups have no members in any file, although others have. */
  get unlisted(): number {
    return this.#listed.size === 0
      ? 0
      : [...this.#groups.keys()].filter((id) => !this.#listed.has(id)).length;
  }

  /** How many groups have the name of another one. */
  get namesakes(): number {
    return [...this.#groups.values()].filter((group) => this.#names.get(group.name.toLowerCase()) !== group)
      .length;
  }

  /** The groups as a directory's file has them. */
  groups(): { readonly id: string; readonly name: string; readonly memberOf: readonly string[] }[] {
    return [...this.#names.values()].map(({ id, name, parents }) => ({
      id,
      name,
      memberOf: [...new Set([...parents].map((parent) => parent.name))],
    }));
  }

  /** Names of the groups that a person is a direct member of. */
  groupsOf(row: PersonRow): string[] {
    const ids = (row.id === undefined ? undefined : this.#members.get(row.id)?.groups) ?? [];
    const names = [...ids].map((id) => this.#groups.get(id)?.name ?? []).flat();
    return [...new Set([...row.groups, ...names])];
  }

  /** The part behind the @ that most people have. */
  get commonDomain(): string | undefined {
    return [...this.#domains].toSorted(([, left], [, right]) => right - left)[0]?.[0];
  }

  #refuse(place: Place, reason: string): void {
    this.wrong.push({ ...this.#places.parts(place), reason });
  }
}

/** A part of a larger string keeps all of that in memory; a copy does not. */
function copyOf(text: string): string {
  return Buffer.from(text).toString();
}
