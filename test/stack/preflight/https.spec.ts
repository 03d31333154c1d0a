import assert from "node:assert/strict";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { createTls } from "../../../packages/local-tenant/src/lib/tls.ts";
import { type HttpsRequest, sendJson } from "../../../stack/preflight/https.ts";

describe("sendJson", () => {
  let server: Server;
  let ca: string;
  let url: string;
  let answer: (response: ServerResponse) => void;
  const seen: { method?: string | undefined; header?: string | string[] | undefined; body: string }[] = [];

  before(async () => {
    const tls = await createTls();
    ca = tls.ca;
    server = createServer({ key: tls.key, cert: tls.cert }, (request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => (body += text));
      request.on("end", () => {
        seen.push({ method: request.method, header: request.headers["x-one"], body });
        answer(response);
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    // SAFETY: a server that listens on a TCP port has an AddressInfo.
    url = `https://localhost:${(server.address() as AddressInfo).port}/`;
  });
  after(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  });

  const send = (changes: Partial<HttpsRequest> = {}) =>
    sendJson({ method: "GET", url, headers: {}, ca: [ca], signal: AbortSignal.timeout(10_000), ...changes });

  it("sends method, headers and body, and gives what came back, whole", async () => {
    answer = (response) => {
      response.writeHead(201, { "content-type": "application/json" });
      // A character of several bytes, cut in the middle.
      const bytes = Buffer.from('{"name":"é"}');
      response.write(bytes.subarray(0, 10));
      setImmediate(() => response.end(bytes.subarray(10)));
    };
    const got = await send({ method: "POST", headers: { "x-one": "1" }, body: "hello" });
    assert.deepEqual(got, { status: 201, body: { name: "é" } });
    assert.deepEqual(seen.at(-1), { method: "POST", header: "1", body: "hello" });
  });

  it("follows no redirect, which could take a secret elsewhere", async () => {
    answer = (response) => response.writeHead(307, { location: "/elsewhere" }).end('{"error":"moved"}');
    const before = seen.length;
    assert.deepEqual(await send(), { status: 307, body: { error: "moved" } });
    assert.equal(seen.length, before + 1);
  });

  it("says what came instead of JSON by its status alone", async () => {
    answer = (response) => response.writeHead(502).end("<html>secret</html>");
    await assert.rejects(send(), { message: "the answer 502 is not JSON" });
  });

  it("gives up an answer without end", async () => {
    answer = (response) => {
      response.writeHead(200);
      const more = () => {
        while (response.write("x".repeat(1024 * 1024)));
        response.once("drain", more);
      };
      more();
    };
    await assert.rejects(send(), { message: "the answer is too long" });
  });

  it("fails when the answer is cut off", async () => {
    answer = (response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{", () => response.destroy());
    };
    await assert.rejects(send(), { code: "ECONNRESET" });
  });

  it("trusts nobody but the given authorities, and ends with its signal", async () => {
    await assert.rejects(sendJson({ method: "GET", url, headers: {}, signal: AbortSignal.timeout(10_000) }));
    const controller = new AbortController();
    answer = () => controller.abort();
    await assert.rejects(send({ signal: controller.signal }), { name: "AbortError" });
  });
});
