"use strict";

/** @import { FlowError } from "../types.ts" */

const MAX_MESSAGE = 2000;

/** An error of ours, with a `kind` that the outcome of the flow will carry. */
class RuntimeError extends Error {
  /**
   * @param {string} message
   * @param {FlowError["kind"]} kind
   */
  constructor(message, kind) {
    super(message);
    this.kind = kind;
  }
}

exports.RuntimeError = RuntimeError;

/**
 * Message and kind of anything that can be thrown, even a value that throws when it is read.
 * @param {unknown} error
 * @returns {{ message: string, kind: FlowError["kind"] }}
 */
exports.describeError = (error) => {
  const kind = error instanceof RuntimeError ? error.kind : "thrown";
  try {
    return { message: messageOf(error).slice(0, MAX_MESSAGE), kind };
  } catch {
    return { message: "Unknown error", kind };
  }
};

/** @param {unknown} error */
function messageOf(error) {
  if (!error) return "Unknown error";
  /** @type {unknown} */
  const object = Object(error);
  const { message } = /** @type {{ message?: unknown }} */ (object);
  if (typeof message === "string" && message !== "") return message;
  return String(error);
}
