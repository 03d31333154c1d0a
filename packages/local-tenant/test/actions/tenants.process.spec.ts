import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createActionRunner } from "../../src/actions/runner.ts";
import type { ActionRunner, DeployedAction } from "../../src/actions/types.ts";
import { action, flow, handler, printed } from "./harness.ts";

const now = () => Date.now();

describe("the Actions of several tenants in one place", () => {
  const folder = mkdtempSync(join(tmpdir(), "workforce-sso-test-"));
  /** Adds a package of the project that counts how often it is asked. */
  const addPackage = (name: string, files: Readonly<Record<string, string>>, main = "index.js") => {
    const place = join(folder, "node_modules", name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "package.json"), JSON.stringify({ name, version: "1.0.0", main }));
    for (const [file, code] of Object.entries(files)) writeFileSync(join(place, file), code);
  };
  const using = (name: string): Partial<DeployedAction> => ({ dependencies: [{ name, version: "1.0.0" }] });

  let runner: ActionRunner;
  let ids = 0;
  const tenant = () => runner.forTenant({ id: `tenant-${++ids}`, now });
  beforeEach(() => {
    runner = createActionRunner({ projectFolder: folder, cacheFolder: join(folder, "cache") });
  });
  afterEach(() => runner.close());
  after(() => rmSync(folder, { recursive: true, force: true }));

  /**
   * Runs the Action for one, other, one, other and root, and answers what each run printed and its process.
   */
  const turns = async (one: DeployedAction) => {
    const [first, second] = [tenant(), tenant()];
    const outcomes = [];
    for (const each of [first, second, first, second, runner]) outcomes.push(await each.run(flow(one)));
    for (const { status, error } of outcomes) assert.equal(status, "completed", error?.message);
    const lines = outcomes.map((outcome) => printed(outcome)[0]?.split(" ") ?? []);
    return {
      told: lines.map(([, ...values]) => values.join(" ")),
      processes: new Set(lines.map(([pid]) => pid)).size,
      cold: outcomes.map(({ runs }) => runs[0]?.cold),
    };
  };

  it("share a process, and each has a module of its own, which lives on for its next sign-in", async () => {
    const { told, processes, cold } = await turns(
      action(`let count = 0; module.exports.n = 0;
        exports.onExecutePostLogin = async () => { count += 1; module.exports.n += 1; console.log(process.pid, count, module.exports.n); };`),
    );
    assert.deepEqual(told, ["1 1", "1 1", "2 2", "2 2", "1 1"]);
    assert.equal(processes, 1);
    assert.deepEqual(cold, [true, false, false, false, false]);
  });

  it("have packages of their own", async () => {
    addPackage("counter", {
      "index.js": `let count = 0; exports.count = () => ++count + require("./other").count();`,
      "other.js": `let count = 0; exports.count = () => ++count;`,
    });
    const { told, processes } = await turns(
      handler(`console.log(process.pid, require("counter").count())`, using("counter")),
    );
    assert.deepEqual(told, ["2", "2", "4", "4", "2"]);
    assert.equal(processes, 1);
  });

  it("have globals and variables of their own", async () => {
    const { told, processes } = await turns(
      handler(`globalThis.count = (globalThis.count ?? 0) + 1; process.env.COUNT = Number(process.env.COUNT ?? 0) + 1;
        const fetched = typeof fetch; globalThis.fetch = "mine"; delete globalThis.atob; Error.stackTraceLimit += 1;
        console.log(process.pid, count, process.env.COUNT, fetched, typeof Headers, Error.stackTraceLimit);`),
    );
    assert.deepEqual(told, [
      "1 1 function function 11",
      "1 1 function function 11",
      "2 2 string function 12",
      "2 2 string function 12",
      "1 1 function function 11",
    ]);
    assert.equal(processes, 1);
  });

  it("go on sharing after requests of each kind", async () => {
    const get = `await new Promise((done) => require("http").get("http://127.0.0.1:1/").on("error", done));`;
    const { processes } = await turns(
      handler(
        `${get} await fetch("http://127.0.0.1:1/").catch(() => {}); require("https"); require("crypto"); console.log(process.pid);`,
      ),
    );
    assert.equal(processes, 1);
  });

  const COUNT = "count = (globalThis.count ?? 0) + 1; console.log(process.pid, count);";
  const PRIVATE: Readonly<Record<string, string>> = {
    "a class of the language": `Intl.NumberFormat.prototype.mine = 1; ${COUNT}`,
    "a class of Node": `URL.prototype.mine = 1; ${COUNT}`,
    "one of Node's modules": `require("https").get = require("https").get.bind(null); ${COUNT}`,
    "an agent that all requests share": `require("https").globalAgent.options.mine = {}; ${COUNT}`,
    process: `process.mine = 1; ${COUNT}`,
    console: `console.mine = 1; ${COUNT}`,
    "a global that cannot be removed": `if (!globalThis.count) Object.defineProperty(globalThis, "fixed", { value: 1 }); ${COUNT}`,
  };
  for (const [what, body] of Object.entries(PRIVATE)) {
    it(`have a process of their own where an Action changes what cannot be put aside: ${what}`, async () => {
      const { told, processes } = await turns(handler(body));
      assert.deepEqual(told, ["1", "1", "2", "2", "1"]);
      assert.equal(processes, 3);
    });
  }

  it("have a process of their own where an Action listens to the process", async () => {
    const { processes } = await turns(
      action(
        `process.on("warning", () => {}); exports.onExecutePostLogin = async () => console.log(process.pid);`,
      ),
    );
    assert.equal(processes, 3);
  });

  it("have a process of their own where an Action leaves a timer that does not count as work", async () => {
    const { told, processes } = await turns(
      handler(`if (!globalThis.count) setInterval(() => { count += 100; }, 1).unref(); ${COUNT}`),
    );
    assert.deepEqual(told.slice(0, 2), ["1", "1"]);
    assert.equal(told.at(-1), "1");
    assert.equal(processes, 3);
  });

  it("have a process of their own where a package is an ES module", async () => {
    addPackage("modern", { "index.mjs": "let count = 0; export const next = () => ++count;" }, "index.mjs");
    addPackage("between", {
      "index.js": `exports.next = async () => (await import("./inner.mjs")).next();`,
      "inner.mjs": "let count = 0; export const next = () => ++count;",
    });
    for (const call of [`(await import("modern")).next()`, `await require("between").next()`]) {
      const name = call.includes("modern") ? "modern" : "between";
      const { told, processes } = await turns(handler(`console.log(process.pid, ${call});`, using(name)));
      assert.deepEqual(told, ["1", "1", "2", "2", "1"]);
      assert.equal(processes, 3);
    }
  });

  it("have a cache of their own", async () => {
    const { told } = await turns(
      handler(`const count = Number(api.cache.get("count")?.value ?? 0) + 1;
        api.cache.set("count", String(count)); console.log(process.pid, count);`),
    );
    assert.deepEqual(told, ["1", "1", "2", "2", "1"]);
  });

  it("see the clock of their own tenant", async () => {
    const one = handler("console.log(Date.now());");
    const later = runner.forTenant({ id: "later", now: () => Date.now() + 3_600_000 });
    const [here, there] = [await runner.run(flow(one)), await later.run(flow(one))];
    assert.ok(Number(printed(there)[0]) - Number(printed(here)[0]) > 3_000_000);
  });

  it("are forgotten when their tenant is closed, and the others live on", async () => {
    const one = action(
      `let count = 0; exports.onExecutePostLogin = async () => console.log(process.pid, ++count);`,
    );
    const [first, second] = [tenant(), tenant()];
    const kept = (await first.run(flow(one))).runs[0]?.console[0]?.text.split(" ")[0];
    await second.run(flow(one));
    await second.close();
    assert.equal((await second.run(flow(one))).error?.kind, "closed");
    assert.deepEqual(printed(await first.run(flow(one))), [`${kept} 2`]);
    const again = runner.forTenant({ id: `tenant-${ids}`, now });
    assert.match(printed(await again.run(flow(one)))[0] ?? "", / 1$/);
  });

  it("end with their tenant where they are under way", async () => {
    const [first, second] = [tenant(), tenant()];
    const endless = first.run(flow(handler("await new Promise(() => {});")));
    await second.run(flow(handler("")));
    await first.close();
    const outcome = await endless;
    assert.deepEqual([outcome.status, outcome.error?.kind], ["failed", "closed"]);
    assert.equal((await second.run(flow(handler("")))).status, "completed");
  });

  it("keep the version of an Action that another tenant still has", async () => {
    const old = action(
      `let n = 0; exports.onExecutePostLogin = async () => console.log(process.pid, "old", ++n);`,
    );
    const next = { ...old, versionId: "version-2", code: old.code.replace(`"old"`, `"new"`) };
    const other = tenant();
    const [before] = printed(await runner.run(flow(old)));
    assert.match(printed(await other.run(flow(old)))[0] ?? "", /old 1$/);
    assert.match(printed(await other.run(flow(next)))[0] ?? "", /new 1$/);
    assert.deepEqual(printed(await runner.run(flow(old))), [before?.replace(/1$/, "2")]);
  });
});
