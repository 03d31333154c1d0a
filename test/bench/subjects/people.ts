import { groupsOf, loadDirectory } from "../../../packages/local-tenant/src/index.ts";
import { sampleDirectoryFile } from "../../support/sample.ts";

/** The claim of the example stack. */
export const CLAIM = "https://xyz.example/claims/groups";

/** More than these are cut by the stack's policy, and the peers know no such thing. */
const MOST_GROUPS = 100;

const directory = loadDirectory(sampleDirectoryFile);

/** The employees of the sample company whose token has a list of groups that can be looked at. */
export const people = directory.employees
  .map((employee) => ({
    email: employee.email,
    name: employee.name,
    groups: groupsOf(directory, employee, { nested: false }).map(({ name }) => name),
  }))
  .filter(({ groups }) => groups.length > 0 && groups.length <= MOST_GROUPS);
