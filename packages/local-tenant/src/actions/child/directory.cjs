"use strict";

/** `api.groups` and `api.roles`, answered by the tenant for the user of this sign-in. */
exports.createDirectory = (call) => ({
  groups: {
    getUserGroups: async (parameters = {}) => call("getUserGroups", checkPage(parameters)),
    hasGroupMembership: async (groups) => call("hasGroupMembership", checkNames("groups", groups)),
  },
  roles: {
    getUserEffectiveRoles: async (parameters = {}) => call("getUserEffectiveRoles", checkPage(parameters)),
  },
});

function checkPage({ take, from }) {
  if (from !== undefined && typeof from !== "string") {
    throw new Error('The "from" parameter must be a string if provided.');
  }
  if (take !== undefined && (!Number.isInteger(take) || take <= 0)) {
    throw new Error('The "take" parameter must be a positive integer if provided.');
  }
  return { take, from };
}

function checkNames(parameter, names) {
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === "string")) {
    throw new Error(`The "${parameter}" parameter must be a non-empty array of strings.`);
  }
  return names;
}
