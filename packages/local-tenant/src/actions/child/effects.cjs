"use strict";

/** @import { Recorder } from "../child-types.ts" */

const { RuntimeError } = require("./errors.cjs");
const { stringify } = JSON;

const MAX_TOTAL = 1_000_000;
const MAX_COUNT = 10_000;

/**
 * Keeps what the Action asks for, as JSON texts and in order. Values are turned into JSON at once: what the
 * Action does to an object afterwards changes nothing, and a value that cannot be JSON is an error where it
 * was given.
 * @param {string[]} effects
 * @returns {Recorder}
 */
exports.createRecorder = (effects) => {
  let total = 0;
  return (kind, ...parts) => {
    const text = stringify([kind, ...parts]);
    total += text.length;
    if (total <= MAX_TOTAL && effects.length < MAX_COUNT) {
      effects.push(text);
      return;
    }
    const message = `The Action asked for more than the local tenant keeps of one run (${MAX_TOTAL} characters of JSON, ${MAX_COUNT} calls).`;
    effects.length = 0;
    effects.push(stringify(["limit", message]));
    throw new RuntimeError(message, "limit");
  };
};

/**
 * Calls a part of the documented API that the local tenant lacks: the flow fails even if the Action catches
 * the error.
 * @param {Recorder} record
 * @param {string} name
 * @returns {() => never}
 */
exports.notBuilt = (record, name) => () => {
  const message = `api.${name} is not built in the local tenant.`;
  record("unsupported", message);
  throw new RuntimeError(message, "unsupported");
};
