import assert from "node:assert/strict";
import { Terminal, paintFor } from "../../../local/start/terminal.ts";

function sink(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 40, write: (text: string) => void written.push(text), written };
}

describe("Terminal", () => {
  it("writes colours on a terminal, unless NO_COLOR or a dumb one", () => {
    assert.equal(paintFor(sink(true), {}).green("yes"), "\u001b[32myes\u001b[39m");
    assert.equal(paintFor(sink(true), { NO_COLOR: "1" }).green("yes"), "yes");
    assert.equal(paintFor(sink(true), { TERM: "dumb" }).green("yes"), "yes");
    assert.equal(paintFor(sink(false), {}).green("yes"), "yes");
  });

  it("writes whole plain lines where there is no terminal", () => {
    const out = sink(false);
    const terminal = new Terminal(out, {});
    const progress = terminal.progress("Building");
    progress.update("Building: 3 packages");
    terminal.say("meanwhile");
    progress.done("Built.");
    assert.equal(out.written.join(""), "Building ...\nmeanwhile\nBuilt.\n");
  });

  it("keeps a line that changes below what is said meanwhile, and takes it away at the end", () => {
    const out = sink(true);
    const terminal = new Terminal(out, { NO_COLOR: "1" });
    const progress = terminal.progress("Building something with a name that is longer than the terminal");
    terminal.say("meanwhile");
    progress.done();
    const lines = out.written.join("").split(/\r\u001b\[2K|\n/);
    assert.ok(lines.includes("meanwhile"));
    assert.ok(lines.every((line) => line.length < 40));
    assert.equal(lines.at(-1), "");
  });
});
