import type { ActionEntity, ActionVersionEntity } from "../../store/entities.ts";
import { ManagementError } from "../../lib/errors.ts";
import type { TenantContext } from "../../context.ts";
import { found } from "../not-found.ts";
import { ok, operation } from "../operation.ts";
import type { Operation } from "../operation.ts";
import { actionsAnswer, pageQuery } from "../paging.ts";
import { object, boolean } from "../json-schema.ts";
import { findAction } from "./find-action.ts";
import { viewDeployed, viewVersion } from "./action-view.ts";

/**
 * Makes a version of the Action's draft and deploys it at once, so that the old version is never seen after
 * the answer.
 * @throws {ManagementError} 400 when the draft's build has failed.
 */
export function deployAction(tenant: TenantContext, action: ActionEntity): ActionVersionEntity {
  if (action.status !== "built") {
    throw new ManagementError(
      400,
      "An action cannot be deployed unless it is in the 'built' state.",
      "invalid_action_status",
    );
  }
  const { tables } = tenant.store;
  const version = newVersion(tenant, action, action);
  tables.actions.put({ ...action, deployed_version_id: version.id, all_changes_deployed: true });
  return version;
}

function newVersion(
  tenant: TenantContext,
  action: ActionEntity,
  source: Pick<ActionEntity, "code" | "dependencies" | "runtime" | "secrets" | "supported_triggers">,
): ActionVersionEntity {
  const { tables } = tenant.store;
  const date = new Date(tenant.now()).toISOString();
  const numbers = tables.actionVersions.by("action", action.id).map((row) => row.number);
  const { code, dependencies, runtime, secrets, supported_triggers } = source;
  return tables.actionVersions.put({
    id: tenant.ids.uuid(),
    action_id: action.id,
    number: Math.max(0, ...numbers) + 1,
    code,
    dependencies: structuredClone(dependencies),
    runtime,
    secrets: structuredClone(secrets),
    supported_triggers: structuredClone(supported_triggers),
    ...(action["modules"] === undefined ? {} : { modules: structuredClone(action["modules"]) }),
    built_at: date,
    created_at: date,
    updated_at: date,
  });
}

const deploy = operation({
  id: "actions.deploy",
  method: "POST",
  path: "/actions/actions/:id/deploy",
  scopes: ["create:actions"],
  handle: ({ params, tenant }) => {
    const action = findAction(tenant.store, params["id"]);
    const version = deployAction(tenant, action);
    return ok(viewDeployment(version, action));
  },
});

const list = operation({
  id: "actions.versions.list",
  method: "GET",
  path: "/actions/actions/:id/versions",
  scopes: ["read:actions"],
  query: pageQuery,
  handle: ({ params, query, tenant }) => {
    const action = findAction(tenant.store, params["id"]);
    const rows = tenant.store.tables.actionVersions.by("action", action.id);
    const newestFirst = rows.sort((a, b) => b.number - a.number);
    return ok(actionsAnswer("versions", newestFirst, query, (version) => viewVersion(version, action)));
  },
});

const get = operation({
  id: "actions.versions.get",
  method: "GET",
  path: "/actions/actions/:actionId/versions/:id",
  scopes: ["read:actions"],
  handle: ({ params, tenant }) => {
    const action = findAction(tenant.store, params["actionId"]);
    return ok(viewVersion(findVersion(tenant, action, params["id"]), action));
  },
});

const deployVersion = operation<{ update_draft?: boolean }>({
  id: "actions.versions.deploy",
  method: "POST",
  path: "/actions/actions/:actionId/versions/:id/deploy",
  scopes: ["create:actions"],
  body: object({ update_draft: boolean }),
  handle: ({ params, body, tenant }) => {
    const { tables } = tenant.store;
    const action = findAction(tenant.store, params["actionId"]);
    const old = findVersion(tenant, action, params["id"]);
    // As production does, going back makes a new version with the old one's content; secrets stay those of
    // today.
    const version = newVersion(tenant, action, { ...old, secrets: action.secrets });
    const { code, dependencies, runtime, supported_triggers } = old;
    tables.actions.put({
      ...action,
      ...(body.update_draft === true ? { code, dependencies, runtime, supported_triggers } : {}),
      deployed_version_id: version.id,
      all_changes_deployed: body.update_draft === true,
    });
    return ok(viewDeployment(version, action));
  },
});

export const versionOperations: readonly Operation[] = [deploy, list, get, deployVersion];

/** The version that a deployment has just made, as its answer shows it. */
function viewDeployment(version: ActionVersionEntity, action: ActionEntity): Record<string, unknown> {
  return { ...viewVersion(version, action), ...viewDeployed(version, false, true), built_at: undefined };
}

function findVersion(
  tenant: TenantContext,
  action: ActionEntity,
  id: string | undefined,
): ActionVersionEntity {
  const version = tenant.store.tables.actionVersions.get(id ?? "");
  return found(version?.action_id === action.id ? version : undefined, "That version does not exist.");
}
