import assert from "node:assert/strict";
import { join } from "node:path";
import { loadDirectory } from "../packages/local-tenant/src/index.ts";
import { checkAccess, hasContracts, readContracts } from "../review/access/contracts.ts";
import { stackFiles } from "../review/claims/stack-files.ts";
import { openSide } from "../review/claims/side.ts";
import { CHECKOUT } from "./support/sample.ts";

/*
 * Reads the files of the company that the checkout belongs to, as configurations.process.spec.ts does. It is
 * red when what access.yaml says does not hold for the company's own configuration and directory file.
 */
describe("the contracts of access.yaml", function () {
  this.timeout(120_000);

  it("hold for everybody in local/directory.json", async function () {
    const stacks = stackFiles(CHECKOUT).map((name) => name.slice("Pulumi.".length, -".yaml".length));
    const stack = stacks.includes("dev") ? "dev" : stacks[0];
    if (!hasContracts(CHECKOUT) || stack === undefined) return this.skip();
    const contracts = await readContracts(CHECKOUT, {});
    const file = join(CHECKOUT, "local", "directory.json");
    const side = await openSide({ root: CHECKOUT, stack, directory: { file, name: "local/directory.json" } });
    try {
      const { head, model } = side;
      const context = { head, directory: loadDirectory(file), ...(model !== undefined && { model }) };
      const { violations } = await checkAccess(side.rows, context, contracts);
      assert.deepEqual(violations, []);
    } finally {
      await side.close();
    }
  });
});
