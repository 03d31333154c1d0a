"use strict";
// Watches the HTTP requests of this process through Node's own diagnostics channels: node:http and node:https clients, the
// built-in fetch, and the undici package all publish there.

const { channel } = require("node:diagnostics_channel");
const { performance } = require("node:perf_hooks");

const now = performance.now.bind(performance);

/** Calls `report` with `{ type: "http", id, method, url }` at the start of a request and with an `http-end` when its answer begins. */
exports.observeHttp = (report) => {
  const open = new WeakMap();
  let ids = 0;
  let count = 0;
  const start = (request, method, url) => {
    const id = ++ids;
    count += 1;
    open.set(request, { id, started: now() });
    report({ type: "http", id, method: String(method), url: String(url).slice(0, 4096) });
  };
  const end = (request, status) => {
    const entry = open.get(request);
    if (entry === undefined) return;
    open.delete(request);
    count -= 1;
    report({ type: "http-end", id: entry.id, status, milliseconds: now() - entry.started });
  };
  const on = (name, listener) =>
    channel(name).subscribe((message) => {
      try {
        listener(message);
      } catch {
        // A request object that cannot be read is not worth a failed sign-in.
      }
    });
  on("http.client.request.start", ({ request }) => {
    start(
      request,
      request.method,
      `${request.protocol}//${request.getHeader("host") ?? request.host}${request.path}`,
    );
    request.once("error", () => end(request, undefined));
  });
  on("http.client.response.finish", ({ request, response }) => end(request, response.statusCode));
  on("undici:request:create", ({ request }) =>
    start(request, request.method, `${request.origin}${request.path}`),
  );
  on("undici:request:headers", ({ request, response }) => end(request, response.statusCode));
  on("undici:request:error", ({ request }) => end(request, undefined));
  return { openRequests: () => count };
};
