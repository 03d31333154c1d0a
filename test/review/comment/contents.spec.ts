import assert from "node:assert/strict";
import { commentOf, wholeOf } from "../../../review/comment/texts.ts";
import { summarised } from "../../../review/comment/run.ts";
import { headWith, rowWith, sideOf } from "../support/side.ts";
import { ADA, BO, CY, DENIED, reportOf, summaryOf, tableUnder, violation } from "./support.ts";

const BEFORE = [
  rowWith({ person: ADA, groups: ["editors", "everybody"], idTokenBytes: 4000 }),
  rowWith({ person: BO, groups: ["editors"] }),
  rowWith({ person: CY }),
  rowWith({ application: "wiki", person: ADA }),
];
const AFTER = [
  rowWith({ person: ADA, groups: ["administrators", "everybody"], idTokenBytes: 4200 }),
  rowWith({ ...DENIED, person: BO }),
  rowWith({ person: CY }),
  rowWith({ application: "wiki", person: ADA }),
];

describe("the comment on a pull request", () => {
  it("counts people by application and by group, and says first who is denied and whose token is too large", async () => {
    const text = commentOf(await summaryOf(BEFORE, AFTER));
    assert.match(text, /^<!-- workforce-sso claims -->\n### /);
    assert.match(text, /\nCompared with `main`; nobody's sign-in is different at 1 other application:\n/);
    assert.match(text, /\n\*\*No longer signed in: 1 at `portal`\.\*\*\n/);
    assert.match(text, /\n\*\*Token above 4096 bytes now: 1 at `portal`\.\*\*\n/);
    assert.deepEqual(tableUnder(text, "**Applications**"), [
      "| application | people | no longer signed in | lose a group | gain a group | token above 4096 bytes now | larger token | largest token |",
      "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
      "| `portal` | 2 of 3 | 1 | 2 | 1 | 1 | 1 | 4200 B, was 4000 B |",
    ]);
    assert.deepEqual(tableUnder(text, "**Groups**").slice(2), [
      "| `portal` | `editors` | 2 |  |",
      "| `portal` | `administrators` |  | 1 |",
    ]);
    assert.match(text, /\n- stack: `dev of the working tree`\n[^]*\n- not in it: Refreshes\.\n/);
  });

  it("counts somebody once who has several ways to an application", async () => {
    const ways = (groups: readonly string[]) =>
      ["azure-ad", "partner"].map((connection) => rowWith({ connection, groups }));
    const text = commentOf(await summaryOf(ways([]), ways(["editors"])));
    assert.match(text, /\n\| `portal` \| 1 of 1 \|/);
  });

  it("says that nothing is different", async () => {
    const text = commentOf(await summaryOf(BEFORE, BEFORE));
    assert.match(text, /\nCompared with `main`, nothing is different for anybody\.\n/);
    assert.doesNotMatch(text, /Applications|Groups/);
  });

  it("says what is different for everybody", async () => {
    const after = headWith({ groupsClaim: "https://xyz.example/groups" });
    const sides = [sideOf([], headWith({ ref: "main" })), sideOf([], after)] as const;
    const text = commentOf(await summarised(...sides, { people: false }));
    const row = "\n| claim | `https://xyz.example/claims/groups` | `https://xyz.example/groups` |\n";
    assert.ok(text.includes(row), text);
  });

  it("names nobody, unless it is asked to", async () => {
    const violations = [
      violation({ person: ADA }),
      violation({ person: BO }),
      violation({ says: "Too many.", people: [CY] }),
    ];
    const access = reportOf(violations);
    const summary = { ...(await summaryOf(BEFORE, AFTER)), access };
    for (const text of [commentOf(summary), wholeOf(summary)]) {
      assert.doesNotMatch(text, /\b(ada|bo|cy)\b|@xyz\.example/);
    }
    const named = { ...(await summaryOf(BEFORE, AFTER, true)), access };
    for (const text of [commentOf(named), wholeOf(named)]) {
      assert.deepEqual(tableUnder(text, "**People**").slice(2), [
        "| `portal` | `ada@xyz.example` | loses `editors`; gains `administrators`; the token passes 4096 bytes; 4000 B, now 4200 B |",
        "| `portal` | `bo@xyz.example` | no longer signed in: `No groups`; loses `editors` |",
      ]);
    }
  });

  it("says which contracts are violated, for how many people, and which demand less than they did", async () => {
    const violations = [
      violation({ person: ADA, chain: ["It is let through."] }),
      violation({ person: BO }),
      violation({ rule: "keep[1]", line: 9, says: "It concerns nobody." }),
    ];
    const forbidden = violation({ rule: "never[1]", line: 7, person: CY, says: 'has "editors".' });
    const older = reportOf([...violations.slice(0, 1), forbidden]);
    const loosened = [{ rule: "never[1]", line: 7, says: "It is gone." }];
    const access = { ...reportOf(violations), against: { ref: "main", result: older, loosened } };
    const text = commentOf({ ...(await summaryOf(BEFORE, AFTER)), access });
    assert.match(text, /\n\*\*`access\.yaml` is violated 3 times\.\*\*\n/);
    const rows =
      '\n| `never[0]` | 4 | `portal` | 2 | `Nobody has "administrators".` | `It is let through.` |\n' +
      "| `keep[1]` | 9 | `portal` |  | `It concerns nobody.` |  |\n";
    assert.ok(text.includes(rows), text);
    assert.deepEqual(tableUnder(text, "**Rules that demand less than at `main`**").slice(2), [
      "| `never[1]` | 7 |  | `It is gone.` |",
    ]);
    assert.match(text, /\n\*\*By the contracts of `main`, this is violated too:\*\*\n/);
    assert.equal(text.match(/Nobody has/g)?.length, 1, "what both forbid is told once");
    assert.match(text, /\n\| `never\[1\]` \| 7 \| `portal` \| 1 \| `has "editors"\.` \|/);
    assert.ok(text.indexOf("violated") < text.indexOf("Compared"), "violations come first");
    const same = { ...access, against: { ...access.against, result: reportOf(violations.slice(0, 1)) } };
    assert.doesNotMatch(commentOf({ ...(await summaryOf([], [])), access: same }), /By the contracts of/);
  });

  it("says that only some of the people are known", async () => {
    const access = {
      ...reportOf([violation({ person: ADA })]),
      notKept: [{ rule: "never[0]", count: 7 }],
      total: 8,
    };
    const text = commentOf({ ...(await summaryOf([], [])), access });
    assert.match(text, /is violated 8 times/);
    assert.match(text, /\n\| `never\[0\]` \| 4 \| `portal` \| 1 or more \|/);
  });

  it("says that a file without rules demands nothing", async () => {
    const text = commentOf({ ...(await summaryOf([], [])), access: { ...reportOf([]), rules: 0 } });
    assert.match(text, /\n\*\*`access\.yaml` has no rules\.\*\*\n/);
  });

  it("says that the contracts hold, or that those of the ref cannot be read", async () => {
    const against = { ref: "main", says: "It has no access.yaml.", loosened: [] };
    const text = commentOf({ ...(await summaryOf([], [])), access: { ...reportOf([]), against } });
    assert.match(text, /\n`access\.yaml` holds for everybody \(2 rules\)\.\n/);
    assert.match(text, /\nContracts of `main`: `It has no access\.yaml\.`\n/);
  });
});
