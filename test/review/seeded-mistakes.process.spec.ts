import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../support/sample.ts";
import { CONTRACTS_FILE } from "./seeded/company.ts";
import { MISTAKES } from "./seeded/mistakes.ts";
import { commentPart, mistakesPart, shown } from "./seeded/pages.ts";
import { verdicts } from "./seeded/run.ts";

const RENEW = "npm run review:examples writes it anew";

/*
 * Whether a review notices what somebody did to the project without meaning to. Each mistake is made in a
 * copy of the project, one after the other, in this process: a second or two for each.
 */
describe("a mistake in the project", function () {
  this.timeout(400_000);
  let results: Awaited<ReturnType<typeof verdicts>>;
  before(async () => {
    results = await verdicts();
  });

  it("is made where all contracts hold", () => {
    assert.deepEqual(results.base.violations, []);
  });

  for (const mistake of Object.values(MISTAKES).flat()) {
    it(`violates a contract, or is in the difference: ${mistake.done}`, () => {
      const verdict = results.verdicts.find(({ done }) => done === mistake.done);
      assert.ok(verdict && verdict.contracts.length + verdict.difference.length > 0);
    });
  }

  it("is one of twenty at least, of which a good part violates a contract", () => {
    assert.ok(results.verdicts.length >= 20);
    assert.ok(results.verdicts.filter(({ contracts }) => contracts.length > 0).length >= 10);
  });

  it("is in the documentation's table with what caught it", () => {
    const part = mistakesPart(results.verdicts);
    assert.equal(shown(part), part.text, RENEW);
  });

  it("looks in a comment as the README shows it", async function () {
    const part = await commentPart();
    // A company's README is its own, and need not show the comment.
    if (shown(part) === undefined && company() !== "XYZ") this.skip();
    assert.equal(shown(part), part.text, RENEW);
  });

  it("is held against the contracts that a clone begins with", function () {
    // Contracts of another company are its own.
    if (company() !== "XYZ") this.skip();
    assert.equal(readFileSync(CONTRACTS_FILE, "utf8"), readFileSync(join(CHECKOUT, "access.yaml"), "utf8"));
  });
});

function company(): string {
  // SAFETY: a clone whose directory's file is anything else fails in the specs that load it.
  return (JSON.parse(readFileSync(join(CHECKOUT, "local/directory.json"), "utf8")) as { company: string })
    .company;
}
