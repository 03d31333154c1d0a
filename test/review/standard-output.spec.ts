import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { ReaderGone, StandardOutput } from "../../review/standard-output.ts";

describe("the standard output of npm run claims", () => {
  it("writes in large pieces, each after what has to be cleared, and waits for a slow reader", async () => {
    const written: string[] = [];
    let take: () => void = () => undefined;
    const stream = new Writable({
      highWaterMark: 10,
      decodeStrings: false,
      write(chunk: string, _encoding, done) {
        written.push(chunk);
        take = done;
      },
    });
    let cleared = 0;
    // SAFETY: only what every stream has is used.
    const output = new StandardOutput(stream as NodeJS.WriteStream, () => (cleared += 1));
    await output.write("a".repeat(16_000));
    assert.equal(written.length, 0);
    let waited = false;
    const second = output.write("b".repeat(16_000)).then(() => (waited = true));
    await new Promise(setImmediate);
    assert.deepEqual([written[0]?.length, waited, cleared], [32_000, false, 1]);
    take();
    await second;
    await output.flush();
    assert.equal(written.length, 1);
  });

  it("says that its reader has gone, to whoever waits and to whoever comes later", async () => {
    const stream = new Writable({ highWaterMark: 1, write: () => undefined });
    const output = new StandardOutput(stream as NodeJS.WriteStream);
    const waiting = output.write("a".repeat(20_000));
    stream.destroy(new Error("EPIPE"));
    await assert.rejects(waiting, ReaderGone);
    await assert.rejects(output.write("b".repeat(20_000)), ReaderGone);
  });
});
