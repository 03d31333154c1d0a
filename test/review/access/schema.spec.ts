import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { accessSchema } from "../../../review/access/schema.ts";
import { CHECKOUT } from "../../support/sample.ts";

describe("the schema of access.yaml for editors", () => {
  it("is what the reader's table of fields makes (npm run schema writes it)", () => {
    const written: unknown = JSON.parse(readFileSync(join(CHECKOUT, "review", "access.schema.json"), "utf8"));
    assert.deepEqual(written, accessSchema());
  });
});
