"use strict";
// A process in which one Action runs, many sign-ins side by side. It loads the source and makes `event` and
// `api` with the same modules as the tenant's own instances, which take one sign-in at a time.

/** @import { LoadedAction } from "../../../packages/local-tenant/src/actions/child-types.ts" */
/** @import { LoadMessage, RunRequest } from "../../../packages/local-tenant/src/actions/protocol.ts" */
/** @import { ActionEvent } from "../../../packages/local-tenant/src/actions/types.ts" */

/**
 * @typedef {{ readonly type: "run", readonly run: number, readonly request: Omit<RunRequest, "clockAhead"> }}
 * Run
 */

const { createApi } = require("../../../packages/local-tenant/src/actions/child/api.cjs");
const { describeError } = require("../../../packages/local-tenant/src/actions/child/errors.cjs");
const { prepareEvent } = require("../../../packages/local-tenant/src/actions/child/event.cjs");
const { createLoader, findHandler } = require("../../../packages/local-tenant/src/actions/child/loader.cjs");

const { AsyncLocalStorage } = require("node:async_hooks");

/**
 * Which run a line on the console belongs to.
 * @type {import("node:async_hooks").AsyncLocalStorage<string[]>}
 */
const runs = new AsyncLocalStorage();
/** @param {unknown} line */
const log = (line) => runs.getStore()?.push(String(line));
const console = { log, info: log, debug: log, warn: log, error: log };

/** @type {LoadedAction} */
let action;

process.on("message", (/** @type {LoadMessage | Run} */ message) => {
  if (message.type === "load") action = createLoader(message, console)();
  else void execute(message);
});
process.on("disconnect", () => process.exit());

/** @type {(text: string) => ActionEvent} */
const parseEvent = JSON.parse;

/** @param {Run} message */
async function execute({ run, request }) {
  /** @type {string[]} */
  const effects = [];
  /** @type {string[]} */
  const lines = [];
  const event = prepareEvent({ ...request, event: parseEvent(request.event) });
  const call = async () =>
    Promise.reject(new Error("This place answers no calls of api.groups and api.roles."));
  const api = createApi(event, request, effects, call);
  let error;
  try {
    await runs.run(lines, () => findHandler(action, "onExecutePostLogin")(event, api));
  } catch (thrown) {
    error = describeError(thrown);
  }
  process.send?.({
    run,
    effects: effects.map((effect) => /** @type {unknown} */ (JSON.parse(effect))),
    lines,
    error,
  });
}
