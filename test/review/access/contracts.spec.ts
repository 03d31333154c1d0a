import assert from "node:assert/strict";
import { withTemporaryFolder } from "../../../packages/local-tenant/test/support/temporary.ts";
import { readContracts } from "../../../review/access/contracts.ts";

describe("the file of contracts", () => {
  it("is refused in one line where it is a folder", async () => {
    await withTemporaryFolder(async (folder) => {
      await assert.rejects(readContracts(folder, { access: folder }), {
        name: "UserError",
        message: /is a folder\. Name a file of contracts\.$/,
      });
    });
  });
});
