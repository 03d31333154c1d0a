"use strict";
// The tenant's clock in the process of an Action: moving the one moves the other. Only the functions that
// tell the time of day go by it. Timers and performance.now() measure time, so they stay on the machine's
// clock.

/** @type {(target: DateConstructor, values: unknown[], newTarget: Function) => Date} */
const construct = Reflect.construct;
const Machine = Date;
const machineNow = Date.now;

/** Milliseconds that the tenant's clock is ahead of the machine's. */
let ahead = 0;

const now = () => machineNow() + ahead;

/**
 * A stand-in for the built-in one, with the same statics, prototype and instances, but with another present
 * time.
 * @type {DateConstructor}
 */
const TenantDate = new Proxy(Machine, {
  apply: () => new Machine(now()).toString(),
  construct: (target, values, newTarget) =>
    construct(target, values.length === 0 ? [now()] : values, newTarget === TenantDate ? target : newTarget),
});

/** Replaces the built-in clock. This must happen before anything else keeps a reference to it. */
exports.installClock = () => {
  /** @param {unknown} value */
  const hidden = (value) => ({ value, writable: true, enumerable: false, configurable: true });
  Object.defineProperty(Machine, "now", hidden({ now: () => now() }.now));
  Object.defineProperty(Machine.prototype, "constructor", hidden(TenantDate));
  Object.defineProperty(globalThis, "Date", hidden(TenantDate));
};

/**
 * Sets the clock for one run, which also undoes what an Action did to it in an earlier run.
 * @param {number} milliseconds
 */
exports.setClock = (milliseconds) => {
  ahead = milliseconds;
};
