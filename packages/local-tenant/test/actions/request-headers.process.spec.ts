import assert from "node:assert/strict";
import { createServer as createPlainServer } from "node:http";
import type { IncomingMessage, RequestListener } from "node:http";
import { createServer } from "node:https";
import type { Server } from "node:net";
import type { AddressInfo } from "node:net";
import { createActionRunner } from "../../src/actions/runner.ts";
import type { ActionRunner } from "../../src/actions/types.ts";
import { createTls } from "../../src/lib/tls.ts";
import { answer, flow, handler, printed } from "./harness.ts";

const NAME = "x-test-tenant";
const portOf = (server: Server) => (server.address() as AddressInfo).port;

describe("the header that tells whose request it is", () => {
  const servers: Server[] = [];
  /** What each request had: its path, and the header. */
  let seen: string[];
  let runner: ActionRunner;
  let ours: ActionRunner;
  let secrets: Record<string, string>;

  const note = (request: IncomingMessage, where: string) =>
    seen.push(`${where} ${request.method} ${request.url} ${String(request.headers[NAME] ?? "none")}`);
  const start = async (server: Server) => {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return portOf(server);
  };

  before(async () => {
    const tls = await createTls();
    const listener =
      (where: string): RequestListener =>
      (request, response) => {
        note(request, where);
        request.resume();
        const [, target] = /^\/to\/(.*)$/.exec(request.url ?? "") ?? [];
        if (target === undefined) response.end(JSON.stringify(request.headers));
        else response.writeHead(307, { location: decodeURIComponent(target) }).end();
      };
    const tenant = await start(createServer({ cert: tls.cert, key: tls.key }, listener("tenant")));
    const plain = await start(createPlainServer(listener("plain")));
    const other = await start(createServer({ cert: tls.cert, key: tls.key }, listener("other")));
    secrets = {
      TENANT: `https://localhost:${tenant}`,
      PLAIN: `http://localhost:${plain}`,
      OTHER: `https://localhost:${other}`,
    };
    runner = createActionRunner({ ca: tls.ca });
    const header = { name: NAME, value: "fork-1" };
    ours = runner.forTenant({
      id: "fork",
      now: Date.now,
      headers: Object.fromEntries(
        [`localhost:${tenant}`, `localhost:${plain}`, `127.0.0.1:${plain}`, `[::1]:${plain}`].map((host) => [
          host,
          header,
        ]),
      ),
    });
  });
  beforeEach(() => {
    seen = [];
  });
  after(async () => {
    await runner.close();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  });

  const SEND = `
    const { TENANT, PLAIN, OTHER } = event.secrets;
    const send = (url, options = {}, body = undefined) => new Promise((resolve, reject) => {
      const request = require(url.startsWith("https") ? "https" : "http").request(url, options, (response) => response.resume().on("end", () => resolve(request)));
      request.on("error", reject).end(body);
    });`;
  const run = async (from: ActionRunner, body: string) => {
    const outcome = await from.run(flow(handler(`${SEND} ${body}`, { secrets })));
    assert.equal(outcome.error, undefined);
    return outcome;
  };

  it("goes to the named hosts, however the request is made", async () => {
    await run(
      ours,
      `await (await fetch(TENANT + "/fetch")).text();
       await (await fetch(TENANT + "/posted", { method: "POST", body: "x".repeat(100_000) })).text();
       await send(TENANT + "/https"); await send(PLAIN + "/http");
       await send(TENANT + "/list", { headers: ["accept", "text/plain", "host", "else.example"] });
       await send(TENANT + "/alone", { agent: false });
       await send(PLAIN + "/written", { method: "POST", headers: { "content-length": 4 } }, "body");
       const agent = new (require("https").Agent)({ keepAlive: true });
       await send(TENANT + "/kept", { agent }); await send(TENANT + "/kept", { agent }); agent.destroy();`,
    );
    assert.deepEqual(seen, [
      "tenant GET /fetch fork-1",
      "tenant POST /posted fork-1",
      "tenant GET /https fork-1",
      "plain GET /http fork-1",
      "tenant GET /list fork-1",
      "tenant GET /alone fork-1",
      "plain POST /written fork-1",
      "tenant GET /kept fork-1",
      "tenant GET /kept fork-1",
    ]);
  });

  it("goes to the named hosts, however their name is written", async function () {
    const { port } = new URL(secrets["PLAIN"] ?? "");
    await run(
      ours,
      `const http = require("http");
       const hosts = [{ host: "LOCALHOST" }, { hostname: "127.0.0.1" }];
       for (const host of hosts) await new Promise((resolve, reject) => http.get({ ...host, port: ${port}, path: "/" },
         (response) => response.resume().on("end", resolve)).on("error", reject));
       await (await fetch("http://LocalHost:${port}/")).text();`,
    );
    assert.deepEqual(
      seen,
      Array.from({ length: 3 }, () => "plain GET / fork-1"),
    );
    // Whether anybody listens there or not, the head of the request is made.
    const outcome = await run(
      ours,
      `const request = require("http").get("http://[::1]:${port}/").on("error", () => {});
       await new Promise((resolve) => request.on("close", resolve).on("response", (response) => response.resume()));
       console.log(request._header.includes("fork-1"));`,
    );
    assert.deepEqual(printed(outcome), ["true"]);
  });

  it("goes to no other host, also where the request says that it is for a named one or is sent on", async () => {
    await run(
      ours,
      `await (await fetch(OTHER + "/fetch")).text(); await send(OTHER + "/https");
       const { host } = new URL(TENANT);
       await send(OTHER + "/claims", { headers: { host } });
       await (await fetch(TENANT + "/to/" + encodeURIComponent(OTHER + "/redirected"))).text();
       await (await fetch(OTHER + "/to/" + encodeURIComponent(TENANT + "/back"))).text();`,
    );
    assert.deepEqual(
      seen.filter((line) => line.startsWith("other")),
      [
        "other GET /fetch none",
        "other GET /https none",
        "other GET /claims none",
        "other GET /redirected none",
        `other GET /to/${encodeURIComponent(`${secrets["TENANT"]}/back`)} none`,
      ],
    );
    assert.equal(seen.at(-1), "tenant GET /back fork-1");
  });

  it("is seen neither by the Action nor in the trace", async () => {
    const outcome = await run(
      ours,
      `const request = await send(TENANT + "/https"); const sent = new Request(TENANT + "/fetch");
       await (await fetch(sent)).text();
       console.log(JSON.stringify([request.getHeaderNames(), [...sent.headers]]));`,
    );
    assert.deepEqual(answer(outcome), [["host"], []]);
    assert.equal(JSON.stringify(outcome).includes("fork-1"), false);
  });

  it("is the one of the tenant whose sign-in it is, in a process that serves several", async () => {
    const one = handler(
      `${SEND} await send(TENANT + "/https"); await (await fetch(TENANT + "/fetch")).text();`,
      {
        secrets,
      },
    );
    const { host } = new URL(secrets["TENANT"] ?? "");
    const second = runner.forTenant({
      id: "second",
      now: Date.now,
      headers: { [host]: { name: NAME, value: "fork-2" } },
    });
    for (const each of [runner, ours, second, runner]) {
      const { runs, error } = await each.run(flow(one));
      assert.equal(error, undefined);
      assert.equal(runs[0]?.cold, seen.length === 2);
    }
    assert.deepEqual(
      seen.map((line) => line.split(" ").at(-1)),
      ["none", "none", "fork-1", "fork-1", "fork-2", "fork-2", "none", "none"],
    );
  });
});
