"use strict";
// A process in which one Action runs, many sign-ins side by side. It loads the source and makes `event` and `api` with the same modules
// as the tenant's own instances, which take one sign-in at a time.

const { createApi } = require("../../packages/local-tenant/src/actions/child/api.cjs");
const { describeError } = require("../../packages/local-tenant/src/actions/child/errors.cjs");
const { prepareEvent } = require("../../packages/local-tenant/src/actions/child/event.cjs");
const { findHandler, loadAction } = require("../../packages/local-tenant/src/actions/child/loader.cjs");

const { AsyncLocalStorage } = require("node:async_hooks");

/** Which run a line on the console belongs to. */
const runs = new AsyncLocalStorage();
const log = (line) => runs.getStore()?.push(String(line));
const console = { log, info: log, debug: log, warn: log, error: log };

let action;

process.on("message", (message) => {
  if (message.type === "load") action = loadAction(message, console);
  else void execute(message);
});
process.on("disconnect", () => process.exit());

async function execute({ run, request }) {
  const effects = [];
  const lines = [];
  const event = prepareEvent({ ...request, event: JSON.parse(request.event) });
  const call = async () =>
    Promise.reject(new Error("This place answers no calls of api.groups and api.roles."));
  const api = createApi(event, request, effects, call);
  let error;
  try {
    await runs.run(lines, () => findHandler(action, "onExecutePostLogin")(event, api));
  } catch (thrown) {
    error = describeError(thrown);
  }
  process.send({ run, effects: effects.map((effect) => JSON.parse(effect)), lines, error });
}
