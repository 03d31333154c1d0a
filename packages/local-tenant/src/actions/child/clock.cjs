"use strict";
// The tenant's clock in the process of an Action: whoever moves the one moves the other. Only what tells the
// time of day goes by it; timers and performance.now() measure, and stay the machine's.

/** @type {(target: DateConstructor, values: unknown[], newTarget: Function) => Date} */
const construct = Reflect.construct;
const Machine = Date;
const machineNow = Date.now;

/** Milliseconds that the tenant's clock is ahead of the machine's. */
let ahead = 0;

const now = () => machineNow() + ahead;

/**
 * A stand-in for the built-in one: the same statics, the same prototype, the same instances, but another
 * present.
 * @type {DateConstructor}
 */
const TenantDate = new Proxy(Machine, {
  apply: () => new Machine(now()).toString(),
  construct: (target, values, newTarget) =>
    construct(target, values.length === 0 ? [now()] : values, newTarget === TenantDate ? target : newTarget),
});

/** Puts the clock into the place of the built-in one. Before anything else keeps a reference to that. */
exports.installClock = () => {
  /** @param {unknown} value */
  const hidden = (value) => ({ value, writable: true, enumerable: false, configurable: true });
  Object.defineProperty(Machine, "now", hidden({ now: () => now() }.now));
  Object.defineProperty(Machine.prototype, "constructor", hidden(TenantDate));
  Object.defineProperty(globalThis, "Date", hidden(TenantDate));
};

/**
 * Sets the clock for one run. What an Action did to it at an earlier one is over then.
 * @param {number} milliseconds
 */
exports.setClock = (milliseconds) => {
  ahead = milliseconds;
};
