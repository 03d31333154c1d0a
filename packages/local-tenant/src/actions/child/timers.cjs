"use strict";
// Timers that an Action left behind and that do not keep a process alive (`unref`). The others are among its
// pending work.

/** @typedef {NodeJS.Timeout & { readonly _destroyed: boolean }} Timer */

/**
 * Held weakly: a timer that is still to fire is held by Node.
 * @type {WeakRef<Timer>[]}
 */
let left = [];

/** Call it before any code of the Action runs. */
exports.watchTimers = () => {
  /** @type {NodeJS.Timeout} */
  const sample = setTimeout(() => {}, 0);
  clearTimeout(sample);
  /** @type {unknown} */
  const shared = Object.getPrototypeOf(sample);
  // SAFETY: all timers have it, and it has their methods.
  const prototype = /** @type {{ unref: (this: Timer) => Timer }} */ (shared);
  const { unref } = prototype;
  prototype.unref = function () {
    if (!calledByNode(prototype.unref)) left.push(new WeakRef(this));
    if (left.length > 1000) leftTimers();
    return Reflect.apply(unref, this, []);
  };
};

/** Whether a timer of the Action may still fire. */
function leftTimers() {
  left = left.filter((timer) => timer.deref()?._destroyed === false);
  return left.length > 0;
}

exports.leftTimers = leftTimers;

/**
 * Node's own `fetch` has such timers too, which do nothing of the Action's.
 * @param {(...values: never[]) => unknown} callee
 */
function calledByNode(callee) {
  const { stackTraceLimit, prepareStackTrace } = Error;
  try {
    Error.stackTraceLimit = 1;
    Error.prepareStackTrace = (_error, [site]) => site?.getFileName();
    /** @type {{ stack?: unknown }} */
    const place = {};
    Error.captureStackTrace(place, callee);
    return typeof place.stack === "string" && place.stack.startsWith("node:");
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}
