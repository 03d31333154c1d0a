import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createActionRunner } from "../../src/actions/runner.ts";
import { maskUrl } from "../../src/actions/execution-log.ts";
import type { ActionRunner } from "../../src/actions/types.ts";
import { createTls } from "../../src/lib/tls.ts";
import { answer, flow, handler, printed, withRunner } from "./harness.ts";

describe("the log of a run", () => {
  const { run } = withRunner({ node: process.execPath });

  it("has the console's lines with their levels, formatted as usual", async () => {
    const outcome = await run(
      handler(`console.log("%s has %d", "ada", 2, { a: [1] }); console.info("i"); console.debug("d");
               console.warn("w"); console.error(new Error("e").message); console.table([]); console.assert(false, "asserted");
               globalThis.console.log("global");`),
    );
    const lines = outcome.runs[0]?.console ?? [];
    assert.deepEqual(
      lines.slice(0, 5).map(({ level, text }) => [level, text]),
      [
        ["log", "ada has 2 { a: [ 1 ] }"],
        ["info", "i"],
        ["debug", "d"],
        ["warn", "w"],
        ["error", "e"],
      ],
    );
    assert.ok(lines.some(({ text }) => text === "Assertion failed: asserted"));
    assert.equal(lines.at(-1)?.text, "global");
  });

  it("marks what production would keep: the first 256 characters of each run", async () => {
    const outcome = await run(
      handler(`console.log("x".repeat(200)); console.log("y".repeat(100)); console.log("z");`),
    );
    const [trace] = outcome.runs;
    assert.deepEqual(
      trace?.console.map(({ kept }) => kept),
      [200, 56, 0],
    );
    assert.ok(trace?.warnings.includes("The Action printed 301 characters; Auth0 keeps only the first 256."));
  });

  it("warns where Node.js is another than the Action's runtime, once and not at every sign-in", async () => {
    const [major = ""] = process.versions.node.split(".");
    const same = await run(handler("", { runtime: `node${major}` }));
    assert.deepEqual(same.runs[0]?.warnings, []);
    const other = await run(handler("", { runtime: "node12" }));
    assert.match(
      other.runs[0]?.warnings[0] ?? "",
      /run on Node\.js [\d.]+ here and on Node\.js 12 at Auth0 .* set ACTION_NODE to the path/,
    );
    assert.deepEqual((await run(handler("", { runtime: "node12" }))).runs[0]?.warnings, []);
    assert.equal((await run(handler("", { runtime: "node16" }))).runs[0]?.warnings.length, 1);
  });

  it("tells a console line of one run from the next", async () => {
    const noisy = handler(
      `console.log(event.n); Promise.resolve().then(() => console.log("late " + event.n));`,
    );
    const { event } = flow([]);
    const outcomes = [];
    for (const n of [1, 2]) outcomes.push(await run(noisy, { event: { ...event, n } }));
    assert.deepEqual(outcomes.map(printed), [
      ["1", "late 1"],
      ["2", "late 2"],
    ]);
  });
});

describe("a URL in the log", () => {
  it("has no user, no query value, no fragment", () => {
    assert.equal(
      maskUrl("https://u:p@api.example:8443/users/a%7Cb?fields=groups&token=secret&token=2#x"),
      "https://api.example:8443/users/a%7Cb?fields=***&token=***&token=***",
    );
    assert.equal(maskUrl("nonsense"), "(no URL)");
    assert.equal(maskUrl(`https://a.example/${"x".repeat(5000)}`).length, 1000);
  });
});

describe("HTTP requests of an Action", () => {
  let server: Server;
  let origin: string;
  let stranger: Server;
  let strangerPort: number;
  let ca: string;
  let runner: ActionRunner;
  before(async () => {
    const tls = await createTls();
    ca = tls.ca;
    server = createServer({ cert: tls.cert, key: tls.key }, (request, response) => {
      if (request.url?.startsWith("/hang")) return;
      response.writeHead(request.url?.startsWith("/missing") ? 404 : 200).end(request.method);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `https://localhost:${(server.address() as AddressInfo).port}`;
    const other = await createTls();
    stranger = createServer({ cert: other.cert, key: other.key });
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    strangerPort = (stranger.address() as AddressInfo).port;
    runner = createActionRunner({ ca: tls.ca });
  });
  after(async () => {
    await runner.close();
    await new Promise((resolve) => stranger.close(resolve));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it("trust the tenant's certificate, and are listed with method, masked URL and status", async () => {
    const outcome = await runner.run(
      flow(
        handler(
          `
          const https = require("https"); const origin = event.secrets.ORIGIN;
          await (await fetch(origin + "/users/a?fields=groups&secret=s3cr3t", { headers: { authorization: "Bearer t0k3n" } })).text();
          await new Promise((resolve, reject) => https.request(origin + "/missing", { method: "POST" },
            (response) => response.resume().on("end", resolve)).on("error", reject).end("body"));
          console.log(process.env.NODE_EXTRA_CA_CERTS);`,
          { secrets: { ORIGIN: origin } },
        ),
      ),
    );
    const [trace] = outcome.runs;
    assert.equal(outcome.error, undefined);
    assert.deepEqual(
      trace?.httpCalls.map(({ method, url, status }) => [method, url, status]),
      [
        ["GET", `${origin}/users/a?fields=***&secret=***`, 200],
        ["POST", `${origin}/missing`, 404],
      ],
    );
    assert.ok(!JSON.stringify(trace).includes("t0k3n") && !JSON.stringify(trace).includes("s3cr3t"));
    assert.deepEqual(printed(outcome), ["undefined"]);
    assert.ok(
      !trace?.warnings.some((text) => text.includes("left work behind")),
      "kept-alive connections are no work",
    );
  });

  it("trust it beside the public ones whatever name they go by, and nothing else, and only where they name no other", async () => {
    const outcome = await runner.run(
      flow(
        handler(
          `
          const { connect, rootCertificates } = require("tls"); const { hostname, port } = new URL(event.secrets.ORIGIN);
          const attempt = (to, more) => new Promise((resolve) => {
            const socket = connect({ host: hostname, port: to, checkServerIdentity: () => undefined, ...more },
              () => { socket.destroy(); resolve("trusted"); }).on("error", (error) => resolve(error.code));
          });
          const results = [];
          for (const more of [{}, { servername: "api.example" }, { ca: rootCertificates[0] }]) results.push(await attempt(port, more));
          for (const more of [{}, { servername: "api.example" }]) results.push(await attempt(event.secrets.STRANGER, more));
          console.log(JSON.stringify(results));`,
          { secrets: { ORIGIN: origin, STRANGER: String(strangerPort) } },
        ),
      ),
    );
    assert.deepEqual(answer(outcome), [
      "trusted",
      "trusted",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    ]);
  });

  it("trust it however the Action has come to what sends them", async () => {
    const folder = mkdtempSync(join(tmpdir(), "workforce-sso-test-"));
    const place = join(folder, "node_modules", "client");
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "package.json"), JSON.stringify({ name: "client", version: "1.0.0" }));
    const send = `new Promise((resolve, reject) => https.get(url, (response) => { response.resume(); resolve(response.statusCode); }).on("error", reject))`;
    writeFileSync(
      join(place, "inner.mjs"),
      `import https from "node:https"; export const get = (url) => ${send};`,
    );
    writeFileSync(
      join(place, "index.js"),
      `exports.get = (url) => { const https = require("https"); return ${send}; };
       exports.getByImport = async (url) => (await import("./inner.mjs")).get(url);`,
    );
    const other = createActionRunner({ ca, projectFolder: folder });
    try {
      for (const call of [
        `require("client").get(url)`,
        `require("client").getByImport(url)`,
        `(await import("client/inner.mjs")).get(url)`,
        `(async () => { const { default: https } = await import("node:https"); return ${send}; })()`,
        `(async () => { const https = process.getBuiltinModule("https"); return ${send}; })()`,
        `(async () => (await fetch(url)).status)()`,
      ]) {
        const body = `const url = event.secrets.ORIGIN; console.log(await ${call});`;
        const dependencies = [{ name: "client", version: "1.0.0" }];
        const outcome = await other.run(flow(handler(body, { secrets: { ORIGIN: origin }, dependencies })));
        assert.deepEqual(printed(outcome), ["200"], `${call}: ${outcome.error?.message}`);
      }
    } finally {
      await other.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("are listed without a status where no answer came", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as AddressInfo;
    await new Promise((resolve) => taken.close(resolve));
    const outcome = await runner.run(
      flow(
        handler(
          `await fetch("http://127.0.0.1:${port}/refused").catch(() => {});
                 await fetch(event.secrets.ORIGIN + "/hang", { signal: AbortSignal.timeout(200) }).catch(() => {});`,
          { secrets: { ORIGIN: origin } },
        ),
      ),
    );
    assert.deepEqual(
      outcome.runs[0]?.httpCalls.map(({ status }) => status),
      [undefined, undefined],
    );
  });

  it("are listed up to the end of the time", async () => {
    const outcome = await runner.run({
      ...flow(handler(`await fetch(event.secrets.ORIGIN + "/hang");`, { secrets: { ORIGIN: origin } })),
      budgetMs: 1500,
    });
    assert.equal(outcome.error?.kind, "timeout");
    assert.deepEqual(
      outcome.runs[0]?.httpCalls.map(({ url }) => url),
      [`${origin}/hang`],
    );
  });
});
