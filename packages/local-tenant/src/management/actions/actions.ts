import type { ActionDependency, ActionEntity } from "../../store/entities.ts";
import { ManagementError } from "../../lib/errors.ts";
import { created, noContent, ok, operation } from "../operation.ts";
import type { Operation } from "../operation.ts";
import { actionsAnswer, pageQuery } from "../paging.ts";
import { boolean } from "../json-schema.ts";
import { buildErrors } from "./build.ts";
import { findAction } from "./find-action.ts";
import { createAction, updateAction } from "./action-schema.ts";
import { viewAction } from "./action-view.ts";
import { deployAction } from "./versions.ts";

interface ActionBody {
  name?: string;
  supported_triggers?: ActionEntity["supported_triggers"];
  code?: string;
  dependencies?: ActionDependency[];
  runtime?: string;
  secrets?: { name: string; value?: string }[];
  modules?: unknown[];
  deploy?: boolean;
}

const list = operation({
  id: "actions.list",
  method: "GET",
  path: "/actions/actions",
  scopes: ["read:actions"],
  query: { ...pageQuery, deployed: boolean, installed: boolean },
  handle: ({ query, tenant }) => {
    const { store } = tenant;
    const { triggerId, actionName, deployed } = query;
    const rows = store.tables.actions.list(
      (action) =>
        (actionName === undefined || action.name === actionName) &&
        (triggerId === undefined || action.supported_triggers.some((trigger) => trigger.id === triggerId)) &&
        (deployed === undefined || (action.deployed_version_id !== undefined) === (deployed === "true")) &&
        query["installed"] !== "true",
    );
    return ok(actionsAnswer("actions", rows, query, (action) => viewAction(store, action)));
  },
});

const create = operation<ActionBody>({
  id: "actions.create",
  method: "POST",
  path: "/actions/actions",
  scopes: ["create:actions"],
  body: createAction,
  handle: ({ body, tenant }) => {
    const { store, ids, now } = tenant;
    const date = new Date(now()).toISOString();
    const action: ActionEntity = {
      id: ids.uuid(),
      name: body.name ?? "",
      supported_triggers: readTriggers(body.supported_triggers ?? []),
      code: body.code ?? "",
      dependencies: body.dependencies ?? [],
      runtime: body.runtime ?? "node22",
      secrets: [],
      status: "built",
      created_at: date,
      updated_at: date,
      all_changes_deployed: false,
    };
    if (body.modules !== undefined) action["modules"] = body.modules;
    action.secrets = mergeSecrets([], body.secrets ?? [], date);
    store.tables.actions.put(build(action));
    if (body.deploy === true && action.status === "built") deployAction(tenant, action);
    return created(viewAction(store, action, "pending"));
  },
});

const get = operation({
  id: "actions.get",
  method: "GET",
  path: "/actions/actions/:id",
  scopes: ["read:actions"],
  handle: ({ params, tenant }) => ok(viewAction(tenant.store, findAction(tenant.store, params["id"]))),
});

const update = operation<ActionBody>({
  id: "actions.update",
  method: "PATCH",
  path: "/actions/actions/:id",
  scopes: ["update:actions"],
  body: updateAction,
  handle: ({ params, body, tenant }) => {
    const { store, now } = tenant;
    const action = findAction(store, params["id"]);
    const date = new Date(now()).toISOString();
    const { secrets, supported_triggers, ...plain } = body;
    const changed: ActionEntity = {
      ...action,
      ...plain,
      supported_triggers:
        supported_triggers === undefined ? action.supported_triggers : readTriggers(supported_triggers),
      secrets: secrets === undefined ? action.secrets : mergeSecrets(action.secrets, secrets, date),
      updated_at: date,
      all_changes_deployed: false,
    };
    store.tables.actions.put(build(changed));
    return ok(viewAction(store, changed, "pending"));
  },
});

const remove = operation({
  id: "actions.delete",
  method: "DELETE",
  path: "/actions/actions/:id",
  scopes: ["delete:actions"],
  query: { force: boolean },
  handle: ({ params, query, tenant }) => {
    const { tables } = tenant.store;
    const action = findAction(tenant.store, params["id"]);
    const bound = tables.bindings.by("action", action.id);
    if (bound.length > 0 && query["force"] !== "true") {
      throw new ManagementError(409, "Unable to delete an action bound to a trigger.");
    }
    for (const binding of bound) tables.bindings.delete(binding.id);
    for (const version of tables.actionVersions.by("action", action.id)) {
      tables.actionVersions.delete(version.id);
    }
    tables.actions.delete(action.id);
    return noContent;
  },
});

export const actionOperations: readonly Operation[] = [list, create, get, update, remove];

/**
 * A build is done by the time the answer leaves; the answer itself still says `pending`, as production's
 * does.
 */
function build(action: ActionEntity): ActionEntity {
  const errors = buildErrors(action);
  delete action["build_errors"];
  if (errors.length > 0) action["build_errors"] = errors;
  action.status = errors.length > 0 ? "failed" : "built";
  return action;
}

function readTriggers(triggers: ActionEntity["supported_triggers"]): ActionEntity["supported_triggers"] {
  return triggers.map(({ id, version }) => ({ id, version: version ?? "v1" }));
}

/** The list takes the place of the old one; a secret without a value keeps the one it had. */
function mergeSecrets(
  old: ActionEntity["secrets"],
  secrets: readonly { name: string; value?: string }[],
  date: string,
): ActionEntity["secrets"] {
  const names = secrets.map((secret) => secret.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new ManagementError(400, `Duplicate secret name: ${twice}`, "invalid_body");
  }
  return secrets.map(({ name, value }) => {
    const known = old.find((secret) => secret.name === name);
    if (value === undefined && known !== undefined) return known;
    return { name, value: value ?? "", updated_at: date };
  });
}
