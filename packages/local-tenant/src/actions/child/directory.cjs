"use strict";

/** @import { Call } from "../child-types.ts" */

/**
 * The parameters of a lookup that answers one page at a time; an Action may pass anything.
 * @typedef {{ take?: unknown, from?: unknown }} PageParameters
 */

/**
 * `api.groups` and `api.roles`, answered by the tenant for the user of this sign-in.
 * @param {Call} call
 */
exports.createDirectory = (call) => ({
  groups: {
    /** @param {PageParameters} parameters */
    getUserGroups: async (parameters = {}) => call("getUserGroups", checkPage(parameters)),
    /** @param {unknown} groups */
    hasGroupMembership: async (groups) => call("hasGroupMembership", checkNames("groups", groups)),
  },
  roles: {
    /** @param {PageParameters} parameters */
    getUserEffectiveRoles: async (parameters = {}) => call("getUserEffectiveRoles", checkPage(parameters)),
  },
});

/**
 * @param {PageParameters} parameters
 * @returns {{ take: number | undefined, from: string | undefined }}
 */
function checkPage({ take, from }) {
  if (from !== undefined && typeof from !== "string") {
    throw new Error('The "from" parameter must be a string if provided.');
  }
  if (take !== undefined && !(typeof take === "number" && Number.isInteger(take) && take > 0)) {
    throw new Error('The "take" parameter must be a positive integer if provided.');
  }
  return { take, from };
}

/**
 * @param {string} parameter
 * @param {unknown} names
 * @returns {string[]}
 */
function checkNames(parameter, names) {
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === "string")) {
    throw new Error(`The "${parameter}" parameter must be a non-empty array of strings.`);
  }
  return names;
}
