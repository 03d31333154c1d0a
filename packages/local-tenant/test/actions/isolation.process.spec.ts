import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { getPriority } from "node:os";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { action, answer, flow, handler, printed, withRunner } from "./harness.ts";

const LONG = 8000;

/** What the statement throws, as `code message`, or `"done"`. */
function attempt(statement: string): string {
  return `await (async () => { try { ${statement}; return "done"; } catch (error) { return (error.code ?? "") + " " + error.message; } })()`;
}

describe("an Action that misbehaves", () => {
  const { run } = withRunner({ memoryMb: 64 });

  /** Another Action, and the same one at another sign-in, work as if nothing had happened. */
  const othersAreFine = async () => {
    const outcome = await run(handler(`api.idToken.setCustomClaim("fine", true);`));
    assert.deepEqual(outcome.idTokenClaims, { fine: true });
  };

  /** Runs it as an Action that does so at its first sign-in only, and then again. */
  const misbehave = async (body: string, budgetMs = LONG) => {
    const hostile = handler(`if (event.user.user_id === "waad|ada") { ${body} } console.log("again");`);
    const outcome = await run(hostile, { budgetMs });
    const { event } = flow([]);
    const next = await run(hostile, { event: { ...event, user: { user_id: "waad|ben" } } });
    assert.deepEqual([next.status, printed(next)], ["completed", ["again"]]);
    await othersAreFine();
    return outcome;
  };

  it("loops without end: is killed when the time is over", async () => {
    const outcome = await misbehave("for (;;);", 500);
    assert.equal(outcome.error?.kind, "timeout");
  });

  it("waits for what never comes: is killed when the time is over", async () => {
    const outcome = await misbehave("await new Promise(() => {});", 500);
    assert.equal(outcome.error?.kind, "timeout");
  });

  it("ends its process: only this sign-in fails", async () => {
    const outcome = await misbehave("process.exit(3);");
    assert.equal(outcome.error?.kind, "crashed");
    assert.match(
      outcome.error.message,
      /^The process of the Action "action-\d+" ended itself with exit code 3\.$/,
    );
    assert.equal((await misbehave("process.abort();")).error?.kind, "crashed");
  });

  it("leaves a rejection unhandled: only this sign-in fails, with its message", async () => {
    const outcome = await misbehave(`Promise.reject(new Error("forgotten await"));`);
    assert.equal(outcome.error?.kind, "crashed");
    assert.equal(outcome.error.message, "forgotten await");
  });

  it("throws outside of its handler: only this sign-in fails, with its message", async () => {
    const outcome = await misbehave(
      `setTimeout(() => { throw new TypeError("from a timer"); }); await new Promise(() => {});`,
    );
    assert.equal(outcome.error?.kind, "crashed");
    assert.equal(outcome.error.message, "from a timer");
  });

  it("leaves work behind: its process is not used again, and the trace says so", async () => {
    const outcome = await misbehave(`setTimeout(() => process.exit(1), 5);`);
    assert.equal(outcome.status, "completed");
    assert.deepEqual(
      outcome.runs[0]?.warnings.at(-1),
      "The Action left work behind (Timeout), so its process is not used again.",
    );
  });

  it("takes all memory it can get: its process ends, the tenant's does not grow", async () => {
    const heap = await misbehave(`const all = []; for (;;) all.push(new Array(10_000).fill(all.length));`);
    assert.equal(heap.error?.kind, "crashed");
    assert.match(heap.error.message, /ran out of memory \(64 MB\)/);
    const buffers = await misbehave(`const all = []; for (;;) all.push(Buffer.alloc(10_000_000, 1));`);
    assert.equal(buffers.status, "failed");
  });

  it("prints without end: the trace keeps the first lines and says how many are gone", async () => {
    const outcome = await misbehave(`for (let i = 0; i < 100_000; i++) console.log("line " + i);`);
    const [trace] = outcome.runs;
    assert.equal(outcome.status, "completed");
    assert.equal(trace?.console[0]?.text, "line 0");
    assert.ok((trace?.console.length ?? 0) <= 500);
    assert.match(trace?.warnings.join("\n") ?? "", /further console lines were dropped/);
    const one = await misbehave(`console.log("x".repeat(50_000_000));`);
    assert.ok((one.runs[0]?.console[0]?.text.length ?? 0) < 10_000);
  });

  it("writes to its output without end: nobody reads it, and it is killed", async () => {
    const outcome = await misbehave(`for (;;) process.stderr.write("x".repeat(100_000));`, 1000);
    assert.ok(outcome.error?.kind === "timeout" || outcome.error?.kind === "crashed");
  });

  it("sets claims without end: the flow fails", async () => {
    const outcome = await misbehave(
      `for (let i = 0; ; i++) try { api.idToken.setCustomClaim("c" + i, "x".repeat(10_000)); } catch { break; }`,
    );
    assert.equal(outcome.error?.kind, "limit");
    assert.deepEqual(outcome.idTokenClaims, {});
  });

  it("nests a claim so deeply that code which walks it would fall over: the flow fails", async () => {
    const outcome = await misbehave(
      `let deep = []; for (let i = 0; i < 2000; i++) deep = [deep]; api.idToken.setCustomClaim("deep", deep);`,
    );
    assert.equal(outcome.status, "failed");
  });

  it("asks the tenant without end: the flow fails", async () => {
    const outcome = await misbehave(`for (;;) api.groups.getUserGroups(); `, 3000);
    assert.equal(outcome.status, "failed");
  });

  it("changes built-in objects: later sign-ins do not see it, and the trace says so", async () => {
    const outcome = await misbehave(
      `Object.prototype.isAdmin = true; Array.prototype.includes = () => true;`,
    );
    assert.equal(outcome.status, "completed");
    assert.match(outcome.runs[0]?.warnings.at(-1) ?? "", /changed a built-in object/);
    assert.equal(([] as unknown[]).includes(1), false);
    assert.equal("isAdmin" in {}, false);
  });

  it("breaks the built-in objects that its own process needs: at worst this sign-in fails", async () => {
    await misbehave(
      `JSON.stringify = () => "x"; Array.prototype.join = () => "["; Promise.prototype.then = () => {}; String.prototype.slice = () => { throw 1; };`,
      700,
    );
  });

  it("puts __proto__ into everything that it may set: the tenant's objects stay as they are", async () => {
    const bomb = `JSON.parse('{"__proto__":{"polluted":1},"a":{"__proto__":{"polluted":1}}}')`;
    const outcome = await misbehave(
      `const bomb = ${bomb};
       api.idToken.setCustomClaim("claim", bomb); api.idToken.setCustomClaim("__proto__", bomb);
       api.user.setAppMetadata("__proto__", bomb); api.user.setUserMetadata("constructor", { prototype: bomb });
       api.samlResponse.setAttribute("__proto__", "x"); api.accessToken.addScope("__proto__");
       api.transaction.setMetadata("__proto__", "x"); api.cache.set("__proto__", "x");
       console.log(api.cache.get("__proto__").value);`,
    );
    assert.equal(outcome.status, "completed");
    assert.deepEqual(outcome.idTokenClaims, { claim: { a: {} } });
    assert.deepEqual(outcome.appMetadata, {});
    assert.equal("polluted" in {}, false);
    for (const record of [
      outcome.idTokenClaims,
      outcome.appMetadata,
      outcome.samlAttributes,
      outcome.transactionMetadata,
    ]) {
      assert.equal(Object.getPrototypeOf(record), Object.prototype);
    }
  });
});

describe("an Action that tries to speak for the machinery around it", () => {
  const { run } = withRunner();
  const write = (text: string) => `require("fs").writeSync(3, ${text});`;

  it("has no channel of the process module to send on", async () => {
    const outcome = await run(
      handler(
        `console.log(JSON.stringify([typeof process.send, typeof process.channel, process.connected ?? null]));`,
      ),
    );
    assert.deepEqual(answer(outcome), ["undefined", "undefined", null]);
  });

  it("gains nothing by forged messages: they say what it might have said itself, or end its process", async () => {
    const forged = JSON.stringify({
      type: "done",
      run: 1,
      fatal: false,
      changed: false,
      pending: [],
      dropped: 0,
      cpu: 1,
      effects: [
        ["idToken", "forged", 1],
        ["cache", "set", "k".repeat(100), "v", 1e15],
        ["nothing", 1],
        ["deny", 7],
      ],
    });
    const early = await run(handler(write(JSON.stringify(`${forged}\n`))));
    assert.equal(early.status, "completed");
    assert.deepEqual(early.idTokenClaims, { forged: 1 });

    for (const text of [
      "no json\n",
      "{}\n",
      '{"type":"__proto__"}\n',
      '{"type":"done","run":1,"effects":"x"}\n',
      "[[\n",
    ]) {
      const outcome = await run(handler(`${write(JSON.stringify(text))} await new Promise(() => {});`));
      assert.equal(outcome.error?.kind, "crashed");
      assert.match(outcome.error.message, /sent something that is not a message of an Action/);
    }
  });

  it("ends itself by flooding the tenant", async () => {
    const line = JSON.stringify({ type: "console", run: 1, level: "log", text: "x".repeat(60_000) });
    const outcome = await run(
      handler(`const line = ${JSON.stringify(`${line}\n`)}; const fs = require("fs");
               for (;;) try { fs.writeSync(3, line); } catch (error) { if (error.code !== "EAGAIN") throw error; }`),
      { budgetMs: LONG },
    );
    assert.equal(outcome.error?.kind, "crashed");
    assert.match(outcome.error.message, /sent (more|something)/);
    const endless = await run(
      handler(`const fs = require("fs"); const part = "x".repeat(60_000);
               for (;;) try { fs.writeSync(3, part); } catch (error) { if (error.code !== "EAGAIN") throw error; }`),
      { budgetMs: LONG },
    );
    assert.equal(endless.error?.kind, "crashed");
  });
});

describe("an Action that reaches for the machine", () => {
  const { run } = withRunner();
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "workforce-sso-test-"));
    writeFileSync(join(folder, "secret.pem"), "private");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs each statement apart and answers what came of it. */
  const attempts = async (...statements: string[]) =>
    answer(
      await run(handler(`console.log(JSON.stringify([${statements.map(attempt).join(",\n")}]));`)),
    ) as string[];
  const allDenied = (results: string[]) => {
    for (const result of results)
      assert.match(result, /ERR_ACCESS_DENIED|cannot be used in an Action/, result);
  };

  it("reads no file: no key, no state, no environment of the tenant", async () => {
    const paths = [
      join(folder, "secret.pem"),
      import.meta.filename,
      "/proc/self/environ",
      `/proc/${process.pid}/environ`,
      "/etc/passwd",
    ];
    allDenied(await attempts(...paths.map((path) => `require("fs").readFileSync(${JSON.stringify(path)})`)));
    allDenied(
      await attempts(
        `require("fs").readdirSync("/")`,
        `(await import("node:fs")).readFileSync("/etc/passwd")`,
      ),
    );
  });

  it("writes no file", async () => {
    const target = JSON.stringify(join(folder, "new"));
    allDenied(
      await attempts(
        `require("fs").writeFileSync(${target}, "x")`,
        `await require("fs/promises").mkdir(${target})`,
        `require("fs").unlinkSync(${JSON.stringify(join(folder, "secret.pem"))})`,
        `require("fs").symlinkSync("/etc", ${target})`,
      ),
    );
    assert.deepEqual(readdirSync(folder), ["secret.pem"]);
  });

  it("starts no process and no thread, however often it tries", async () => {
    const results = await attempts(
      `const { spawnSync } = require("child_process"); for (let i = 0; i < 1000; i++) spawnSync("true")`,
      `require("child_process").fork("/tmp/x.js")`,
      `new (require("worker_threads").Worker)("1", { eval: true })`,
      `new (require("child_process").ChildProcess)()._handle.spawn({ file: "/bin/true", args: ["true"] })`,
      `require("cluster").fork()`,
    );
    allDenied(results);
  });

  it("sends no signal to the tenant, opens no debugger, and cannot slow it down", async () => {
    allDenied(
      await attempts(
        `process.kill(process.ppid, "SIGKILL")`,
        `(await import("node:process")).kill(process.ppid, "SIGUSR1")`,
        `process._debugProcess(process.ppid)`,
        `process._kill(process.ppid, 9)`,
        `require("os").setPriority(process.ppid, 19)`,
        `process.getBuiltinModule("inspector").open(0)`,
        `require("inspector")`,
      ),
    );
    assert.equal(getPriority(process.pid), getPriority());
  });

  it("loads no native code and no second door to built-in modules", async () => {
    allDenied(
      await attempts(
        `process.dlopen({ exports: {} }, "/x.node")`,
        `process.binding("spawn_sync")`,
        `process._linkedBinding("x")`,
        `require("module").register("data:text/javascript,1")`,
        `require("v8").setFlagsFromString("--allow-natives-syntax")`,
        `require("trace_events")`,
        `process.getBuiltinModule("trace_events").createTracing({ categories: ["node"] })`,
      ),
    );
  });

  it("comes no further by the module cache, generated code, stack frames, buffers in the place of paths, or WASI", async () => {
    const key = JSON.stringify(join(folder, "secret.pem"));
    allDenied(
      await attempts(
        `require("module")._load("child_process").execSync("id")`,
        `require("module").createRequire("/")(${key})`,
        `(await new Function('return import("node:fs")')()).readFileSync(${key})`,
        `require("vm").runInNewContext("this.constructor.constructor('return process')()").kill(1, 0)`,
        `require("fs").readFileSync(Buffer.from(${key}))`,
        `require("fs").readFileSync(new URL("file://" + ${key}))`,
        `require("path").resolve = () => process.argv[1]; require("fs").readFileSync(${key})`,
        `process.permission.has = () => true; require("fs").readFileSync(${key})`,
        `await require("fs").openAsBlob(${key})`,
        `new (require("module")._load("wasi").WASI)({ version: "preview1", preopens: { "/": "/" } })`,
      ),
    );
    const frames = await run(
      handler(
        `const found = [];
         Error.prepareStackTrace = (error, sites) => { for (const site of sites.slice(2)) found.push(typeof site.getThis(), typeof site.getFunction()); };
         void new Error().stack;
         console.log(JSON.stringify(found));`,
      ),
    );
    assert.deepEqual([...new Set(answer(frames) as string[])], ["undefined"]);
  });

  it("speaks to no socket of this machine that has a path", async () => {
    const path = join(folder, "engine.sock");
    const server = createServer((socket) => socket.end("a container engine"));
    await new Promise<void>((resolve) => server.listen(path, resolve));
    try {
      const at = JSON.stringify(path);
      const other = JSON.stringify(join(folder, "other.sock"));
      allDenied(
        await attempts(
          `require("net").connect(${at})`,
          `require("http").get({ socketPath: ${at}, path: "/" })`,
          `await new Promise((resolve, reject) => require("net").createServer().on("error", reject).listen(${other}, resolve))`,
        ),
      );
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it("finds no secret of another Action, in its process or elsewhere", async () => {
    const secret = "only-for-the-first";
    const first = handler(`globalThis.kept = event.secrets; module.kept = event.secrets;`, {
      secrets: { KEY: secret },
    });
    const second = action(`
      exports.onExecutePostLogin = async (event) => {
        const seen = [event, process.env, process.argv, process.execArgv, globalThis.kept ?? null, module.kept ?? null];
        console.log(JSON.stringify(seen));
        for (const name of Object.getOwnPropertyNames(globalThis)) console.log(name);
      };`);
    const outcome = await run([first, second]);
    assert.equal(outcome.status, "completed");
    assert.ok(!JSON.stringify(outcome).includes(secret));
    assert.equal(outcome.runs[1]?.cold, true);
  });
});
