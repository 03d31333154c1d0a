import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const LIB = new URL("../../src/lib/", import.meta.url).href;

describe("an entry script", () => {
  it("tells a person's mistake in one line, and ends with the code that belongs to it", async () => {
    const cases: [string, number, RegExp][] = [
      [`() => { throw new errors.UserError("No such file."); }`, 1, /^No such file\.\n$/],
      [`() => { throw new errors.UsageError("No such flag."); }`, 2, /^No such flag\.\n$/],
      [`() => { throw new errors.UserError("No answer."); }, { failed: 2 }`, 2, /^No answer\.\n$/],
      [`() => { throw new errors.Interrupted(); }`, 130, /^$/],
      [`() => 7`, 7, /^$/],
      [`async () => undefined`, 0, /^$/],
      [`() => { throw new Error("Oh."); }`, 1, /^This is a bug of the project: Error: Oh\.\n {4}at /],
      [`() => { throw "words"; }`, 1, /^Something was thrown that is not an error: words\n$/],
      [
        `() => { throw new errors.UserError("Red."); }, { say: (text) => console.error("> " + text) }`,
        1,
        /^> Red\.\n$/,
      ],
    ];
    const runs = cases.map(async ([call, code, stderr]) => {
      const ended = await run(`await runEntry(${call});`);
      assert.equal(ended.code, code, call);
      assert.match(ended.stderr, stderr);
      assert.equal(ended.stdout, "");
    });
    await Promise.all(runs);
  });

  it("ends at once, with all that was written before", async () => {
    const ended = await run(
      `setInterval(() => undefined, 1000); await runEntry(() => void process.stdout.write("x".repeat(1_000_000)));`,
    );
    assert.deepEqual([ended.code, ended.stdout.length, ended.stderr], [0, 1_000_000, ""]);
  });

  it("does its work and says nothing when its reader goes away", async () => {
    const child = start(
      `await runEntry(async () => {
         process.stdout.write("first\\n");
         await new Promise((resolve) => process.stdin.once("data", resolve));
         process.stdout.write("second\\n");
         await new Promise((resolve) => process.stdout.write("third\\n", resolve));
         return 5;
       });`,
    );
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    await once(child.stdout, "data");
    child.stdout.destroy();
    child.stdin.end("go");
    const [code] = (await once(child, "close")) as [number];
    assert.deepEqual([code, stderr], [5, ""]);
  });
});

function start(body: string) {
  const source = `import { runEntry } from "${LIB}entry.ts"; import * as errors from "${LIB}errors.ts"; ${body}`;
  return spawn(process.execPath, ["--import", TSX, "--input-type=module", "--eval", source], {
    timeout: 30_000,
  });
}

async function run(body: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = start(body);
  child.stdin.end();
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (part: string) => (text[name] += part));
  }
  const [code] = (await once(child, "close")) as [number];
  return { code, ...text };
}
