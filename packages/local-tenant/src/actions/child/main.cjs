"use strict";
// Entry point of a process in which one version of one Action runs. Plain CommonJS on purpose: it has to
// start on any Node, without a loader and without the project's packages. Its types are in the comments, and
// the compiler checks them. The tenant trusts nothing that it says.

/** @import { LoadedAction, Run, WaitingCalls } from "../child-types.ts" */
/** @import { AnswerMessage, DoneMessage, LoadMessage, RunMessage, LookupName } from "../protocol.ts" */

const { installClock, setClock } = require("./clock.cjs");
installClock();
const { prepareTls, trustAuthority } = require("./authority.cjs");
const { sealProcess } = require("./seal.cjs");
const { openChannel } = require("./channel.cjs");
const { createLoader, findHandler } = require("./loader.cjs");
const { captureConsole } = require("./console.cjs");
const { observeHttp } = require("./http.cjs");
const { createApi } = require("./api.cjs");
const { prepareEvent } = require("./event.cjs");
const { describeError } = require("./errors.cjs");
const { intrinsicsChanged } = require("./intrinsics.cjs");
const { addToUndici, setHeaders } = require("./request-headers.cjs");
const { createTenants } = require("./tenants.cjs");
const { watchBuiltIns } = require("./built-ins.cjs");
const { watchTimers } = require("./timers.cjs");

const channel = openChannel();
const { exit, cpuUsage, getActiveResourcesInfo } = process;
const { setImmediate, clearImmediate } = globalThis;

/** Characters that are sent of one run's console; the tenant keeps fewer. */
const MAX_PRINTED = 100_000;

/**
 * The run under way; one at a time.
 * @type {Run | undefined}
 */
let current;
let isReady = false;
/**
 * The tenant sends it before the first run.
 * @type {LoadMessage}
 */
let source;
/** @type {() => LoadedAction} */
let loadAction;

const console = captureConsole((level, text) => {
  if (current === undefined) return;
  if (current.printed < MAX_PRINTED) channel.send({ type: "console", run: current.run, level, text });
  else current.dropped += 1;
  current.printed += text.length + 1;
});
const http = observeHttp((message) => {
  if (current !== undefined) channel.send({ ...message, run: current.run });
});
// An error that nothing caught may leave the Action in any state, so the process ends, as production's
// would.
process.on("uncaughtException", (error) => failForGood(error));
process.on("unhandledRejection", (error) => failForGood(error));
process.on("exit", channel.flush);

addToUndici();
sealProcess(channel.handle);
watchTimers();
watchBuiltIns();
const tenants = createTenants();

channel.onMessage((message) => {
  switch (message.type) {
    case "load":
      source = message;
      trustAuthority(source.authority);
      loadAction = createLoader(source, console);
      return;
    case "drop":
      if (!tenants.drop(message.tenant, source)) exit(0);
      return;
    case "run":
      void execute(message);
      return;
    case "answer":
      current?.answer(message);
  }
});

/** @param {RunMessage} request */
async function execute(request) {
  const tenant = tenants.enter(request.tenant, source);
  if (tenant === undefined) {
    channel.send({ type: "refused", run: request.run });
    return;
  }
  /** @type {string[]} */
  const effects = [];
  /** @type {WaitingCalls} */
  const calls = new Map();
  /** @type {Run} */
  const run = {
    run: request.run,
    effects,
    printed: 0,
    dropped: 0,
    answer: (message) => settle(calls, message),
  };
  current = run;
  setClock(request.clockAhead);
  setHeaders(request.headers);
  let failure;
  // Before the first turn is over, nothing that the Action does has an effect anywhere else. The first
  // message of all goes out at once, because the tenant waits for the process to be ready.
  channel.hold({ type: "started", run: run.run });
  if (!isReady) channel.flush();
  isReady = true;
  // Two turns, because an Action that lets others go first, once, does not wait for anything.
  let turn = setImmediate(() => {
    channel.flush();
    turn = setImmediate(() => {
      channel.send({ type: "waiting", run: run.run });
      // What a package loads by `import` cannot be seen, but takes longer than this.
      if (Object.keys(source.packages).length > 0) prepareTls();
    });
  });
  try {
    const event = prepareEvent(request);
    const call = (/** @type {LookupName} */ method, /** @type {unknown} */ args) =>
      ask(run, calls, method, args);
    const api = createApi(event, request, effects, call);
    // Here, so that what top-level code prints belongs to this run.
    tenant.action ??= loadAction();
    const handler = findHandler(tenant.action, request.entry);
    await handler(event, api);
  } catch (error) {
    failure = describeError(error);
  }
  clearImmediate(turn);
  // A rejection that nobody handles is reported after the current turn, and belongs to this run.
  await new Promise((resolve) => setImmediate(resolve));
  if (current !== run) return;
  current = undefined;
  finish(run, failure, false);
}

/**
 * @param {Run} run
 * @param {DoneMessage["error"]} failure
 * @param {boolean} fatal
 * @param {() => void} [sent]
 */
function finish(run, failure, fatal, sent) {
  const { user, system } = cpuUsage();
  /** @type {Omit<DoneMessage, "effects">} */
  const head = {
    type: "done",
    run: run.run,
    fatal,
    changed: intrinsicsChanged(),
    pending: pendingWork(),
    dropped: run.dropped,
    cpu: (user + system) / 1000,
    error: failure,
  };
  channel.sendWithEffects(head, run.effects, sent);
}

/**
 * These handles do not count: connections are kept alive between requests, and an idle one does not run
 * code.
 */
const IDLE = new Set(["PipeWrap", "TCPSocketWrap", "TLSWrap"]);

/**
 * The kinds of work that an Action left unfinished: timers, requests, servers. Such work could go on during
 * somebody else's sign-in.
 */
function pendingWork() {
  const kinds = getActiveResourcesInfo().filter((kind) => !IDLE.has(kind));
  if (http.openRequests() > 0) kinds.push("HTTP request");
  return [...new Set(kinds)];
}

/** @param {unknown} error */
function failForGood(error) {
  if (current === undefined) return exit(1);
  const run = current;
  current = undefined;
  const failure = { ...describeError(error), kind: "crashed" };
  finish(run, failure, true, () => exit(1));
}

let calls = 0;

/**
 * @param {Run} run
 * @param {WaitingCalls} pending
 * @param {LookupName} method
 * @param {unknown} args
 */
function ask(run, pending, method, args) {
  return new Promise((resolve, reject) => {
    if (current !== run) {
      reject(new Error("The Action's run has ended."));
      return;
    }
    const call = ++calls;
    pending.set(call, { resolve, reject });
    channel.send({ type: "call", run: run.run, call, method, args });
  });
}

/**
 * @param {WaitingCalls} pending
 * @param {AnswerMessage} message
 */
function settle(pending, message) {
  const waiting = pending.get(message.call);
  pending.delete(message.call);
  if ("error" in message) waiting?.reject(new Error(message.error));
  else waiting?.resolve(message.value);
}
