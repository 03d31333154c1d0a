import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../src/lib/write-whole.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

describe("a file that is replaced as a whole", () => {
  it("appears in a folder that it makes, readable by default only by its owner", () =>
    withTemporaryFolder((folder) => {
      const file = join(folder, "new/folder/file");
      writeWhole(file, "first");
      writeWhole(file, "second");
      writeWhole(join(folder, "public"), "text", 0o644);
      assert.equal(readFileSync(file, "utf8"), "second");
      assert.deepEqual(readdirSync(join(folder, "new/folder")), ["file"]);
      if (process.platform === "win32") return;
      assert.equal(statSync(file).mode & 0o777, 0o600);
      assert.equal(statSync(join(folder, "public")).mode & 0o777, 0o644 & ~process.umask());
    }));

  it("is made anew where an earlier write has left something, and never written through a link", function () {
    if (process.platform === "win32") this.skip();
    return withTemporaryFolder((folder) => {
      const file = join(folder, "file");
      const other = join(folder, "other");
      writeFileSync(other, "untouched");
      symlinkSync(other, `${file}.new`);
      writeWhole(file, "secret");
      assert.equal(readFileSync(other, "utf8"), "untouched");
      assert.equal(readFileSync(file, "utf8"), "secret");
    });
  });

  it("stays as it was when the write fails, and nothing is left beside it", () =>
    withTemporaryFolder((folder) => {
      const file = join(folder, "file");
      mkdirSync(file);
      assert.throws(() => writeWhole(file, "text"), /EISDIR|EPERM|ENOTEMPTY/);
      assert.deepEqual(readdirSync(folder), ["file"]);
    }));
});
