import assert from "node:assert/strict";
import { chownSync } from "node:fs";
import { join } from "node:path";
import { errorText } from "../../src/lib/error-text.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

describe("a disk that fills", () => {
  it("is one line with what to do", () => {
    const error = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    assert.match(
      errorText(error),
      /^ENOSPC: no space left on device, write\. The disk is full\. Free some space[^\n]*$/,
    );
  });
});

describe("a folder of somebody else's", () => {
  it("is what a file needs that cannot be made in it, and not a folder of the file's name", async function () {
    if (process.platform === "win32") this.skip();
    await withTemporaryFolder((folder) => {
      const root = process.getuid?.() === 0;
      if (root) chownSync(folder, 65_534, 65_534);
      const place = root ? folder : "/usr";
      const path = join(place, "directory.json.new");
      const error = Object.assign(new Error(`EACCES: permission denied, open '${path}'`), {
        ...{ code: "EACCES", syscall: "open", path },
      });
      assert.match(errorText(error), new RegExp(`Type: sudo chown -R \\S+(?: \\S+)? "${place}"$`));
    });
  });
});
