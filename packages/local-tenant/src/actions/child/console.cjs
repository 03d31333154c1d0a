"use strict";

const { Console } = require("node:console");
const { Writable } = require("node:stream");
const { format } = require("node:util");

const LEVELS = /** @type {const} */ (["log", "info", "debug", "warn", "error"]);
/** Characters of one line; a longer one is cut here, before it is sent anywhere. */
const MAX_LINE = 8192;

/**
 * Puts a console of ours into the place of the global one, for packages, and answers it, for the Action.
 * `write(level, text)` is called for each line.
 * @param {(level: string, text: string) => void} write
 */
exports.captureConsole = (write) => {
  /** @param {string} text */
  const cut = (text) =>
    text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}… (${text.length} characters)` : text;
  /** @param {string} level */
  const sink = (level) =>
    new Writable({
      write(chunk, _encoding, done) {
        write(level, cut(String(chunk).replace(/\n$/, "")));
        done();
      },
    });
  const captured = new Console({
    stdout: sink("log"),
    stderr: sink("error"),
    inspectOptions: { colors: false },
  });
  for (const level of LEVELS)
    captured[level] = (/** @type {unknown[]} */ ...values) => write(level, cut(format(...values)));
  globalThis.console = captured;
  return captured;
};
