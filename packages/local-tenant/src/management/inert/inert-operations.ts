import { ManagementError } from "../../lib/errors.ts";
import { findConnection } from "../connections/find-connection.ts";
import { isObject, mergePatch } from "../merge.ts";
import { ok, operation } from "../operation.ts";
import type { Call, Operation } from "../operation.ts";
import { pageQuery } from "../paging.ts";
import { anything, mapOf } from "../json-schema.ts";
import { absentThings, emptyLists } from "./lists.ts";
import { settings } from "./settings.ts";
import type { Setting } from "./settings.ts";

const FACTORS = [
  "sms",
  "push-notification",
  "otp",
  "email",
  "duo",
  "webauthn-roaming",
  "webauthn-platform",
  "recovery-code",
];

/**
 * What tools read and write that has no effect on sign-ins here: settings are kept and answered, lists are
 * empty, single things absent. So an export of the tenant is complete, and importing it again changes
 * nothing.
 */
export const inertOperations: readonly Operation[] = [
  ...settings.flatMap((setting) => [readSetting(setting), writeSetting(setting)]),
  ...emptyLists.map(([id, path, scope, name]) => emptyList(id, path, scope, name)),
  ...absentThings.map(([id, path, scope, message, code]) => absent(id, path, scope, message, code)),
  listFactors(),
  writeFactor(),
];

function readSetting({ id, path, scope, initial }: Setting): Operation {
  return operation({
    id: `${id}.get`,
    method: "GET",
    path,
    scopes: [`read:${scope}`],
    handle: (call) => ok(stored(call, path, initial)),
  });
}

function writeSetting({ id, path, scope, initial, write }: Setting): Operation {
  return operation<unknown>({
    id: `${id}.update`,
    method: write,
    path,
    scopes: [`update:${scope}`],
    body: write === "PATCH" ? mapOf() : anything,
    handle: (call) => {
      const old = stored(call, path, initial);
      const patch = isObject(call.body) && isObject(old) && write === "PATCH";
      const value = patch ? mergePatch(old, call.body) : call.body;
      call.tenant.store.tables.documents.put({ path: fill(path, call.params), value });
      return ok(value);
    },
  });
}

function stored(call: Pick<Call<unknown>, "params" | "tenant">, path: string, initial: unknown): unknown {
  return call.tenant.store.tables.documents.get(fill(path, call.params))?.value ?? initial;
}

function fill(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(params[name] ?? ""));
}

function emptyList(id: string, path: string, scope: string, name: string): Operation {
  return operation({
    id: `${id}.list`,
    method: "GET",
    path,
    scopes: [`read:${scope}`],
    query: pageQuery,
    handle: ({ query }) => {
      if (name === "") return ok([]);
      const limit = Number(query["per_page"] ?? 50);
      const page =
        query["take"] === undefined ? { start: Number(query["page"] ?? 0) * limit, limit, total: 0 } : {};
      return ok({ ...page, [name]: [] });
    },
  });
}

function absent(id: string, path: string, scope: string, message: string, code?: string): Operation {
  return operation({
    id: `${id}.get`,
    method: "GET",
    path,
    scopes: [`read:${scope}`],
    handle: ({ params, tenant }) => {
      if (path.startsWith("/connections/:id/")) findConnection(tenant.store, params["id"]);
      throw new ManagementError(404, message, code);
    },
  });
}

function listFactors(): Operation {
  return operation({
    id: "guardian.factors.list",
    method: "GET",
    path: "/guardian/factors",
    scopes: ["read:guardian_factors"],
    handle: ({ tenant }) =>
      ok(
        FACTORS.map((name) => {
          const value = tenant.store.tables.documents.get(`/guardian/factors/${name}`)?.value;
          return { name, enabled: isObject(value) && value["enabled"] === true, trial_expired: false };
        }),
      ),
  });
}

function writeFactor(): Operation {
  return operation<Record<string, unknown>>({
    id: "guardian.factors.update",
    method: "PUT",
    path: "/guardian/factors/:name",
    scopes: ["update:guardian_factors"],
    body: mapOf(),
    handle: ({ params, body, tenant }) => {
      const value = { enabled: body["enabled"] === true };
      tenant.store.tables.documents.put({ path: `/guardian/factors/${params["name"] ?? ""}`, value });
      return ok(value);
    },
  });
}
