import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const LIB = new URL("../../src/lib/run-attached.ts", import.meta.url).href;

/** Starts a process that runs a command attached to itself, and ends with the command's exit code. */
function start(command: string, args: readonly string[] | undefined) {
  const call = args === undefined ? "undefined" : JSON.stringify(args);
  const source = `import { runAttached } from "${LIB}";
    process.exitCode = await runAttached(${JSON.stringify(command)}, ${call}, { env: { ...process.env, GIVEN: "yes" } });`;
  return spawn(process.execPath, ["--import", TSX, "--input-type=module", "--eval", source], {
    stdio: ["pipe", "pipe", "inherit"],
    timeout: 30_000,
  });
}

async function ended(child: ReturnType<typeof start>): Promise<[code: number, stdout: string]> {
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  const [code] = (await once(child, "close")) as [number];
  return [code, stdout];
}

describe("a command that is attached to this process", () => {
  before(function () {
    if (process.platform === "win32") this.skip();
  });

  it("has its input and output, and gives its exit code, as a line for a shell or as words", async () => {
    const shell = start('read word; echo "$word $GIVEN"; exit 7', undefined);
    shell.stdin.end("hello\n");
    assert.deepEqual(await ended(shell), [7, "hello yes\n"]);
    const words = start(process.execPath, ["-e", "console.log(process.argv[1])", "$HOME; two words"]);
    assert.deepEqual(await ended(words), [0, "$HOME; two words\n"]);
  });

  it("gives 128 and the number of the signal that has ended it", async () => {
    assert.deepEqual(await ended(start("kill -KILL $$", undefined)), [137, ""]);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`gets ${signal} once, with all that it has started`, async () => {
      const listen = `let count = 0; process.on("${signal}", () => { count += 1; setImmediate(() => process.exit(count)); });
        setInterval(() => 0, 1000); console.log("ready");`;
      const child = start(`"${process.execPath}" -e '${listen}'; exit $?`, undefined);
      await once(createInterface({ input: child.stdout }), "line");
      child.kill(signal);
      const [code] = (await once(child, "close")) as [number | null];
      // The shell itself dies of the signal, or waits and hands on the exit code of its own command.
      assert.ok(code === 1 || code === (signal === "SIGINT" ? 130 : 143), String(code));
    });
  }
});
