"use strict";
// Headers that the tenant has this process add to requests, so that it knows whose they are. They are added
// where a request goes out, so neither the Action nor what it sends a request through sees them, and a
// redirect does not take them along.

/** @import { RunMessage } from "../protocol.ts" */
/** @import { UndiciRequest } from "../child-types.ts" */

const { channel } = require("node:diagnostics_channel");

/** @typedef {NonNullable<RunMessage["headers"]>} Headers */
/** @typedef {{ _header: string | null, _storeHeader: (...values: unknown[]) => unknown }} Outgoing */
/** @typedef {(request: Outgoing, options: Target, ...more: unknown[]) => void} AddRequest */
/** @typedef {{ host?: string, port?: string | number, defaultPort?: number }} Target */

/** @type {Headers} */
let headers = {};

/**
 * Sets what is added, by host and port, for one run.
 * @param {Headers | undefined} next
 */
exports.setHeaders = (next = {}) => {
  headers = next;
};

/** @param {string} host */
function headerFor(host) {
  return Object.hasOwn(headers, host) ? headers[host] : undefined;
}

/** For `fetch` and the undici package. */
exports.addToUndici = () => {
  channel("undici:request:create").subscribe((message) => {
    // SAFETY: undici's documentation says what it publishes.
    const { request } = /** @type {{ request: UndiciRequest }} */ (message);
    const { host, port, protocol } = new URL(request.origin);
    const header = headerFor(port === "" ? `${host}:${protocol === "https:" ? 443 : 80}` : host);
    if (header !== undefined) request.addHeader(header.name, header.value);
  });
};

/**
 * For `node:http` and `node:https`. Call it when one of them is loaded, before the Action gets it.
 * @param {typeof import("node:http")} http
 */
exports.addToHttp = ({ Agent, OutgoingMessage }) => {
  /**
   * The lines that requests get whose head has not been written yet.
   * @type {WeakMap<object, string>}
   */
  const waiting = new WeakMap();
  // SAFETY: Node's types do not name it; what a request says in its head is put together there.
  const outgoing = /** @type {Outgoing} */ (/** @type {unknown} */ (OutgoingMessage.prototype));
  const store = outgoing._storeHeader;
  outgoing._storeHeader = function (...values) {
    const answer = Reflect.apply(store, this, values);
    insert(this, waiting.get(this));
    return answer;
  };
  // SAFETY: the same; every request that goes through an agent goes through here, with its real target.
  const agent = /** @type {{ addRequest: AddRequest, options: Target }} */ (
    /** @type {unknown} */ (Agent.prototype)
  );
  const add = agent.addRequest;
  agent.addRequest = function (request, options, ...more) {
    const { host = "", port, defaultPort } = { ...options, ...this.options };
    const name = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host.toLowerCase();
    const header = headerFor(`${name}:${port ?? defaultPort}`);
    if (header !== undefined) {
      const line = `${header.name}: ${header.value}\r\n`;
      if (request._header) insert(request, line);
      else waiting.set(request, line);
    }
    Reflect.apply(add, this, [request, options, ...more]);
  };
};

/**
 * @param {Outgoing} request
 * @param {string | undefined} line
 */
function insert(request, line) {
  if (line === undefined || !request._header) return;
  const first = request._header.indexOf("\r\n") + 2;
  request._header = request._header.slice(0, first) + line + request._header.slice(first);
}
