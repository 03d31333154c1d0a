import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TenantContext } from "../../../packages/local-tenant/src/context.ts";
import { sampleDirectoryFile } from "../../support/sample.ts";
import { people } from "../subjects/people.ts";
import type { Person } from "../client/sign-in.ts";

/** A tenant that has much of something. */
export interface Scenario {
  readonly name: string;
  readonly users: number;
  readonly clients?: number;
  readonly actions?: number;
  readonly logs?: number;
  /** Groups of the one person who signs in. */
  readonly groups?: number;
}

/** What all others are compared with comes first. */
export function scenarios(share: number): Scenario[] {
  const many = (count: number): number => Math.max(2, Math.round(count * share));
  return [
    { name: "10 users", users: 10 },
    { name: `${shown(many(1_000))} users`, users: many(1_000) },
    { name: `${shown(many(20_000))} users`, users: many(20_000) },
    { name: `${shown(many(1_000))} clients`, users: 10, clients: many(1_000) },
    { name: `${shown(many(2_000))} groups a person`, users: 10, groups: many(2_000) },
    { name: "20 bound Actions", users: 10, actions: 20 },
    { name: `${shown(many(10_000))} log events`, users: 10, logs: many(10_000) },
  ];
}

/** A connection with passwords, in which users can be made. */
export const DATABASE = "people";

const AT = "2026-01-01T00:00:00.000Z";

/** Puts into a tenant what a scenario has much of. */
export function fill({ store, ids }: TenantContext, scenario: Scenario): void {
  const { users, clients, connections, logs, actions, actionVersions, bindings } = store.tables;
  const times = { created_at: AT, updated_at: AT };
  connections.put({ id: "con_people", name: DATABASE, strategy: "auth0", options: {}, enabled_clients: [] });
  for (let number = 0; number < scenario.users; number += 1) {
    const identity = { connection: DATABASE, provider: "auth0", user_id: `${number}`, isSocial: false };
    users.put({
      user_id: `auth0|${number}`,
      email: emailOf(number),
      email_verified: true,
      name: `Person ${number}`,
      nickname: `person-${number}`,
      identities: [identity],
      ...times,
    });
  }
  for (let number = 0; number < (scenario.clients ?? 1); number += 1) {
    const client_secret = ids.alphanumeric(64);
    clients.put({ client_id: `client-${number}`, client_secret, name: `Client ${number}`, callbacks: [] });
  }
  for (let number = 0; number < (scenario.logs ?? 0); number += 1) {
    const log_id = `9002026${String(number).padStart(12, "0")}`;
    logs.put({ log_id, _id: log_id, date: AT, type: "s", user_id: "auth0|1", user_name: emailOf(1) });
  }
  const [bound] = actions.list();
  const version = actionVersions.get(bound?.deployed_version_id ?? "");
  if (bound === undefined || version === undefined) throw new Error("The stack is not deployed.");
  for (let number = 1; number < (scenario.actions ?? 1); number += 1) {
    const [id, versionId] = [randomUUID(), randomUUID()];
    const name = `Action ${number}`;
    const code = "exports.onExecutePostLogin = async () => undefined;";
    actions.put({ ...bound, id, name, code, deployed_version_id: versionId });
    actionVersions.put({ ...version, id: versionId, action_id: id, code });
    bindings.put({ id: randomUUID(), trigger_id: "post-login", action_id: id, display_name: name, ...times });
  }
}

export function emailOf(number: number): string {
  return `person-${number}@xyz.example`;
}

/** Writes the directory of a scenario into `folder`, and says who signs in. */
export function directoryOf(folder: string, { groups }: Scenario): { file: string; who: readonly Person[] } {
  if (groups === undefined) return { file: sampleDirectoryFile, who: people };
  // SAFETY: the sample's own file.
  const sample = JSON.parse(readFileSync(sampleDirectoryFile, "utf8")) as {
    employees: { email: string; groups: string[] }[];
    groups: { id: string; name: string; memberOf: string[] }[];
  };
  const names = Array.from({ length: groups }, (_, number) => `Many ${String(number).padStart(5, "0")}`);
  const [first, ...others] = sample.employees;
  if (first === undefined) throw new Error("The sample has no employees.");
  const many = names.map((name) => ({ id: randomUUID(), name, memberOf: [] }));
  const file = join(folder, "directory.json");
  const employees = [{ ...first, groups: names }, ...others];
  writeFileSync(file, JSON.stringify({ ...sample, employees, groups: [...sample.groups, ...many] }));
  // The stack's policy lets the first 100 into a token.
  return { file, who: [{ email: first.email, groups: names.slice(0, 100) }] };
}

function shown(count: number): string {
  return count.toLocaleString("en-US");
}
