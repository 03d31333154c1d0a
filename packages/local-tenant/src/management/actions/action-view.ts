import type { ActionEntity, ActionVersionEntity } from "../../store/entities.ts";
import type { Store } from "../../store/state.ts";

type Wire = Record<string, unknown>;

/** Secrets as they are answered: names and dates, never values. */
function viewSecrets(secrets: ActionEntity["secrets"]): Wire[] {
  return secrets.map(({ name, updated_at }) => ({ name, updated_at }));
}

/** An Action as `GET /actions/actions/{id}` answers it (recording TestAccAction). */
export function viewAction(store: Store, action: ActionEntity, status = action.status): Wire {
  return {
    ...viewHead(action),
    code: action.code,
    dependencies: action.dependencies,
    runtime: action.runtime,
    status,
    secrets: viewSecrets(action.secrets),
    ...(action["modules"] === undefined ? {} : { modules: action["modules"] }),
    ...(action["build_errors"] === undefined ? {} : { errors: action["build_errors"] }),
    ...viewVersions(store, action),
    all_changes_deployed: action["all_changes_deployed"] === true,
  };
}

/**
 * An Action inside a binding: without its draft. Production answers `all_changes_deployed: false` there
 * whatever is deployed (recording TestAccTriggerActions).
 */
export function viewBoundAction(store: Store, action: ActionEntity): Wire {
  return { ...viewHead(action), ...viewVersions(store, action), all_changes_deployed: false };
}

/** A version as `GET .../versions/{id}` answers it. */
export function viewVersion(version: ActionVersionEntity, action: ActionEntity): Wire {
  return {
    ...viewDeployed(version, version.id === action.deployed_version_id),
    action: { ...viewHead(action), all_changes_deployed: false },
  };
}

function viewHead(action: ActionEntity): Wire {
  const { id, name, supported_triggers, created_at, updated_at } = action;
  return { id, name, supported_triggers, created_at, updated_at };
}

function viewVersions(store: Store, action: ActionEntity): Wire {
  const versionId = action.deployed_version_id;
  const version = versionId === undefined ? undefined : store.tables.actionVersions.get(versionId);
  if (version === undefined) return {};
  return {
    current_version: {
      id: version.id,
      code: version.code,
      runtime: version.runtime,
      status: "BUILT",
      number: version.number,
      build_time: version["built_at"],
      created_at: version.created_at,
      updated_at: version.updated_at,
    },
    deployed_version: viewDeployed(version, true),
  };
}

/**
 * Production's answer to a deploy still says `deployed: false`, without a build date: it deploys after it has
 * answered.
 */
export function viewDeployed(version: ActionVersionEntity, deployed: boolean, answeringDeploy = false): Wire {
  return {
    code: version.code,
    dependencies: version.dependencies,
    id: version.id,
    deployed,
    number: version.number,
    ...(answeringDeploy ? {} : { built_at: version["built_at"] }),
    secrets: viewSecrets(version.secrets),
    status: "built",
    created_at: version.created_at,
    updated_at: version.updated_at,
    runtime: version.runtime,
    supported_triggers: version.supported_triggers,
    ...(version["modules"] === undefined ? {} : { modules: version["modules"] }),
  };
}
