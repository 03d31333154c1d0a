"use strict";
// Watches the HTTP requests of this process through Node's own diagnostics channels: node:http and node:https
// clients, the built-in fetch, and the undici package all publish there.

/** @import { ClientRequest, UndiciRequest } from "../child-types.ts" */
/** @import { HttpEndMessage, HttpMessage } from "../protocol.ts" */

const { channel } = require("node:diagnostics_channel");
const { hrtime } = process;

const now = () => {
  const [seconds, nanoseconds] = hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
};

/**
 * Calls `report` with an `http` message at the start of a request and with an `http-end` when its answer
 * begins.
 * @param {(message: Omit<HttpMessage, "run"> | Omit<HttpEndMessage, "run">) => void} report
 */
exports.observeHttp = (report) => {
  /** @type {WeakMap<object, { id: number, started: number }>} */
  const open = new WeakMap();
  let ids = 0;
  let count = 0;
  /**
   * @param {object} request
   * @param {unknown} method
   * @param {unknown} url
   */
  const start = (request, method, url) => {
    const id = ++ids;
    count += 1;
    open.set(request, { id, started: now() });
    report({ type: "http", id, method: String(method), url: String(url).slice(0, 4096) });
  };
  /**
   * @param {object} request
   * @param {number | undefined} status
   */
  const end = (request, status) => {
    const entry = open.get(request);
    if (entry === undefined) return;
    open.delete(request);
    count -= 1;
    report({ type: "http-end", id: entry.id, status, milliseconds: now() - entry.started });
  };
  /**
   * @template Message
   * @param {string} name
   * @param {(message: Message) => void} listener
   */
  const on = (name, listener) =>
    channel(name).subscribe((message) => {
      try {
        // SAFETY: Node's and undici's documentation say what they publish; anything else ends in the catch
        // below.
        listener(/** @type {Message} */ (message));
      } catch {
        // A request object that cannot be read is not worth a failed sign-in.
      }
    });
  on("http.client.request.start", (/** @type {{ request: ClientRequest }} */ { request }) => {
    start(
      request,
      request.method,
      `${request.protocol}//${request.getHeader("host") ?? request.host}${request.path}`,
    );
    request.once("error", () => end(request, undefined));
  });
  on(
    "http.client.response.finish",
    (/** @type {{ request: object, response: { statusCode: number } }} */ { request, response }) =>
      end(request, response.statusCode),
  );
  on("undici:request:create", (/** @type {{ request: UndiciRequest }} */ { request }) =>
    start(request, request.method, `${request.origin}${request.path}`),
  );
  on(
    "undici:request:headers",
    (/** @type {{ request: object, response: { statusCode: number } }} */ { request, response }) =>
      end(request, response.statusCode),
  );
  on("undici:request:error", (/** @type {{ request: object }} */ { request }) => end(request, undefined));
  return { openRequests: () => count };
};
