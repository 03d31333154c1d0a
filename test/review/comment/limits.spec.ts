import assert from "node:assert/strict";
import { commentOf, wholeOf } from "../../../review/comment/texts.ts";
import type { ClaimsRow } from "../../../review/claims/model.ts";
import { rowWith } from "../support/side.ts";
import { summaryOf, tableUnder } from "./support.ts";

/** What GitHub refuses. */
const LIMIT = 65_536;

describe("a comment that GitHub would refuse", () => {
  it("is cut, says how much of what, and is whole elsewhere", async () => {
    const groups = Array.from({ length: 3000 }, (_, index) => `Group ${index} ${"é".repeat(250)}`);
    const after = groups.map((group, index) => rowWith({ person: personOf(index), groups: [group] }));
    const summary = await summaryOf(after.map(withoutGroups), after, true);
    const text = commentOf(summary);
    assert.ok(Buffer.byteLength(text) < LIMIT, `${Buffer.byteLength(text)} bytes`);
    for (const [heading, rowsAre] of [
      ["**Groups**", "groups"],
      ["**People**", "people"],
    ] as const) {
      const shown = tableUnder(text, heading).length - 2;
      const cut = new RegExp(`\\nCut here: (\\d+) more ${rowsAre}; the whole is in whole\\.md, `).exec(text);
      assert.equal(shown + Number(cut?.[1]), groups.length, rowsAre);
    }
    assert.ok(text.endsWith("</details>\n"));
    const whole = wholeOf(summary);
    assert.ok(groups.every((group) => whole.includes(group)));
    assert.doesNotMatch(whole, /Cut here/);
  });

  it("stays below the limit, however long the names are", async () => {
    const after = Array.from({ length: 300 }, (_, index) =>
      rowWith({
        application: `${"😀".repeat(500)}${String(index).padStart(3, "0")}`,
        groups: [`${"\u0001".repeat(999)}`],
      }),
    );
    const text = commentOf(await summaryOf(after.map(withoutGroups), after, true));
    assert.ok(Buffer.byteLength(text) < LIMIT, `${Buffer.byteLength(text)} bytes`);
    assert.ok(Buffer.byteLength(text) > LIMIT * 0.9, "it is used");
    assert.match(text, /Cut here: \d+ more applications/);
    assert.match(text, /Cut here: 300 more people/);
    assert.ok(text.endsWith("</details>\n"));
  });
});

function personOf(index: number): string {
  return `${String(index).padStart(5, "0")}@xyz.example`;
}

function withoutGroups(row: ClaimsRow): ClaimsRow {
  return { ...row, groups: [] };
}
