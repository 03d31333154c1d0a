import assert from "node:assert/strict";
import { refuseFullDisk } from "../../src/lib/disk.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

describe("a full disk", () => {
  it("is refused before anything is begun, with what is left and what is needed", () => {
    assert.throws(() => refuseFullDisk("/home/me/sso/.local", 5 * 1024 * 1024), {
      name: "UserError",
      message:
        /^The disk that holds \/home\/me\/sso\/\.local has 5 MB left, and 32 MB are needed\. .*nothing was changed\.$/,
    });
  });

  it("is not seen where there is room", async () => {
    await withTemporaryFolder((folder) => refuseFullDisk(folder));
  });
});
