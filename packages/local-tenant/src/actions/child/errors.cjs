"use strict";

const MAX_MESSAGE = 2000;

/** An error of ours, with a `kind` that the outcome of the flow will carry. */
class RuntimeError extends Error {
  constructor(message, kind) {
    super(message);
    this.kind = kind;
  }
}

exports.RuntimeError = RuntimeError;

/** Message and kind of anything that can be thrown, even if it does not want to be looked at. */
exports.describeError = (error) => {
  const kind = error instanceof RuntimeError ? error.kind : "thrown";
  try {
    return { message: messageOf(error).slice(0, MAX_MESSAGE), kind };
  } catch {
    return { message: "Unknown error", kind };
  }
};

function messageOf(error) {
  if (!error) return "Unknown error";
  const { message } = Object(error);
  if (typeof message === "string" && message !== "") return message;
  return String(error);
}
