import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { discovery } from "../../src/authentication/discovery.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("the table of endpoints in local/README.md", () => {
  it("lists endpoints that exist, and every one that discovery names", async () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    const table = readme.split("<!-- endpoints:")[1]?.split("\n## ")[0] ?? "";
    const listed = [...table.matchAll(/`(GET|POST|PUT) (\/\S*)`/g)].map(([, method = "", url = ""]) => ({
      method,
      url,
    }));
    const test = await startTestTenant();
    try {
      for (const { method, url } of listed) {
        assert.ok(test.tenant.app.hasRoute({ method, url }), `${method} ${url}`);
      }
      const named = Object.values(discovery(test.tenant.context))
        .filter((value) => typeof value === "string")
        .map((value) => new URL(value).pathname);
      const paths = new Set(listed.map(({ url }) => url));
      assert.deepEqual(
        named.filter((path) => !paths.has(path)),
        [],
      );
    } finally {
      await test.close();
    }
  });
});
