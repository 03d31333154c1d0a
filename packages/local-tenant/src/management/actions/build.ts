import type { ActionEntity } from "../../store/entities.ts";

const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i;

/**
 * What makes production's build of an Action fail: dependencies that npm cannot install. The code itself is
 * not parsed; what is wrong with it shows when the Action runs (in the recording TestAccTriggerActions, code
 * with an open quote is built, deployed and bound).
 */
export function buildErrors(action: ActionEntity): { id: string; msg: string; url: string }[] {
  return action.dependencies
    .filter(({ name }) => !PACKAGE_NAME.test(name))
    .map(({ name, version }) => ({
      id: "invalid_dependency",
      msg: `The dependency ${name}@${version} cannot be installed: its name is not an npm package name.`,
      url: "https://auth0.com/docs/customize/actions/manage-dependencies",
    }));
}
