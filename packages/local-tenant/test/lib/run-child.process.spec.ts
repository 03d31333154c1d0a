import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { pathToFileURL } from "node:url";
import { runChild } from "../../src/lib/run-child.ts";

const { env } = process;
const node = (code: string) => ["--eval", code] as const;

describe("a program that is run to its end", () => {
  it("gives its output and its exit code, or what happened in place of one", async () => {
    const code = `console.log("out"); console.error("first\\nsecond"); process.exitCode = 7;`;
    const lines: string[] = [];
    const ended = await runChild(process.execPath, node(code), {
      env,
      onErrorLine: (line) => lines.push(line),
    });
    assert.deepEqual(ended, { end: 7, stdout: "out\n", stderr: "first\nsecond\n" });
    assert.deepEqual(lines, ["first", "second"]);
    const killed = await runChild(process.execPath, node(`process.kill(process.pid, "SIGKILL")`), { env });
    assert.match(String(killed.end), /^was ended by SIGKILL$|^1$/);
    const missing = await runChild("/no/such/program", [], { env });
    assert.match(String(missing.end), /^could not be started: .*ENOENT/);
  });

  it("is ended with all that it has started, at its deadline and at a signal", async function () {
    if (process.platform === "win32") this.skip();
    const parent = `require("child_process").spawn(process.execPath, ["-e", "setInterval(() => 0, 1000)"], { stdio: "inherit" });
      setInterval(() => 0, 1000); console.error("ready");`;
    // The pipes stay open until the last of the group is gone, so that an end here is an end of all.
    const late = await runChild(process.execPath, node(parent), { env, deadline: 1000 });
    assert.equal(late.end, "did not end within 1 s");
    const stop = new AbortController();
    const options = { env, signal: stop.signal, onErrorLine: () => stop.abort(new Error("enough")) };
    await assert.rejects(runChild(process.execPath, node(parent), options), /^Error: enough$/);
  });

  it("ends with the process that has started it", async function () {
    if (process.platform === "win32") this.skip();
    const lib = new URL("../../src/lib/run-child.ts", import.meta.url).href;
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    // SAFETY: a server that listens on a TCP port has an AddressInfo.
    const { port } = server.address() as AddressInfo;
    const source = `import { runChild } from "${lib}";
      void runChild(process.execPath, ["-e", "require('net').connect(${port}, '127.0.0.1')"], { env: process.env });
      process.stdin.once("data", () => process.exit(0));`;
    const starter = spawn(process.execPath, ["--import", tsx, "--input-type=module", "--eval", source], {
      stdio: ["pipe", "inherit", "inherit"],
    });
    try {
      const [socket] = (await once(server, "connection")) as [Socket];
      socket.resume();
      starter.stdin.end("go");
      await once(socket, "close");
    } finally {
      starter.kill("SIGKILL");
      server.close();
    }
  });
});
