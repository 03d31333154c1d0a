"use strict";
// One process serves several tenants, one sign-in at a time, and each has an instance of the Action of its
// own: its module, the packages that it requires, and the globals that they change. All of that is put aside
// when another tenant's sign-in comes, and back in its place for the next one of the same tenant.

/** @import { LoadedAction } from "../child-types.ts" */
/** @import { LoadMessage } from "../protocol.ts" */

const { getHeapStatistics } = require("node:v8");
const { changesBuiltIns } = require("./built-ins.cjs");
const { rememberGlobals } = require("./globals.cjs");
const { createPackages } = require("./packages.cjs");
const { leftTimers } = require("./timers.cjs");

/** @typedef {{ action?: LoadedAction, putBack?: (() => void) | undefined }} Tenant */

/** Further instances are started cold, as in production, which does not promise that any lives on. */
const MAX_TENANTS = 64;
/** Part of the heap that the instances of other tenants may leave in use. */
const MAX_HEAP = 0.5;

/** Call it before any code of the Action runs. */
exports.createTenants = () => {
  const globals = rememberGlobals();
  const packages = createPackages();
  /**
   * By id, the one that was used last at the end.
   * @type {Map<string, Tenant>}
   */
  const tenants = new Map();
  /** @type {string | undefined} */
  let current;

  /**
   * Whether what is in place can be put aside as a whole. Where it cannot, the process is that tenant's
   * alone.
   * @param {LoadMessage} source
   */
  const canPutAside = (source) =>
    packages.canPutAside(source) && globals.canPutAside() && !changesBuiltIns() && !leftTimers();

  const putAside = () => {
    const tenant = current === undefined ? undefined : tenants.get(current);
    const putPackagesBack = packages.putAside();
    const putGlobalsBack = globals.putAside();
    current = undefined;
    if (tenant === undefined) return;
    tenant.putBack = () => {
      putPackagesBack();
      putGlobalsBack();
    };
  };

  const dropOldest = () => {
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    const most = used > limit * MAX_HEAP ? 1 : MAX_TENANTS;
    for (const id of tenants.keys()) {
      if (tenants.size <= most) return;
      if (id !== current) tenants.delete(id);
    }
  };

  return {
    /**
     * Puts a tenant's instance in its place, a new one where it has none. Answers `undefined` where this
     * process cannot serve it.
     * @param {string} id
     * @param {LoadMessage} source
     * @returns {Tenant | undefined}
     */
    enter(id, source) {
      if (current !== id) {
        if (current !== undefined) {
          if (!canPutAside(source)) return undefined;
          putAside();
        }
        const tenant = tenants.get(id) ?? {};
        tenants.delete(id);
        tenants.set(id, tenant);
        tenant.putBack?.();
        tenant.putBack = undefined;
        current = id;
        dropOldest();
      }
      return tenants.get(id);
    },
    /**
     * Forgets a tenant's instance. Answers `false` where it is in place and cannot be taken away.
     * @param {string} id
     * @param {LoadMessage} source
     */
    drop(id, source) {
      if (id === current) {
        if (!canPutAside(source)) return false;
        putAside();
      }
      tenants.delete(id);
      return true;
    },
  };
};
