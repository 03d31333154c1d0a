import assert from "node:assert/strict";
import { differencesOf, headDifferences } from "../../../review/against/difference.ts";
import { DifferenceTally } from "../../../review/against/tally.ts";
import type { ClaimsChange, ClaimsRow } from "../../../review/claims/model.ts";
import { collect, headWith, rowWith, stream } from "../support/side.ts";

const DENIED: Partial<ClaimsRow> = { outcome: "denied", reason: "No.", idTokenBytes: 0, accessTokenBytes: 0 };

describe("the difference between two programs", () => {
  const difference = (before: readonly ClaimsRow[], after: readonly ClaimsRow[]) =>
    collect(differencesOf(stream(before), stream(after)));
  const kinds = async (before: Partial<ClaimsRow>, after: Partial<ClaimsRow>) =>
    (await difference([rowWith(before)], [rowWith(after)])).flatMap((change) => change.kinds);

  it("says who gains and who loses which group", async () => {
    const [change, ...others] = await difference(
      [rowWith({ groups: ["A", "B"] }), rowWith({ person: "bo@xyz.example" })],
      [rowWith({ groups: ["B", "C"] }), rowWith({ person: "bo@xyz.example" })],
    );
    assert.deepEqual(others, []);
    assert.deepEqual([change?.person, change?.gained, change?.lost], ["ada@xyz.example", ["C"], ["A"]]);
    assert.deepEqual(change?.kinds, ["lost", "gained"]);
  });

  it("says nothing of what is the same for everybody", async () => {
    assert.deepEqual(await difference([rowWith()], [rowWith()]), []);
    assert.deepEqual(await difference([], []), []);
  });

  for (const [title, before, after, expected] of [
    ["who is denied now", {}, DENIED, ["denied"]],
    ["who fails now", {}, { ...DENIED, outcome: "failed" }, ["denied"]],
    ["who is let in now", DENIED, {}, ["let-in"]],
    ["who is refused for another reason", DENIED, { ...DENIED, reason: "Not you." }, ["reason"]],
    ["who is somebody else to the application", {}, { sub: "waad|new|1" }, ["subject"]],
    ["whose token grows", {}, { idTokenBytes: 1001 }, ["grown"]],
    ["whose token shrinks", {}, { accessTokenBytes: 42 }, ["shrunk"]],
    ["whose token passes the limit", { idTokenBytes: 4096 }, { idTokenBytes: 4097 }, ["over-limit", "grown"]],
    ["whose list is cut now", {}, { marks: ["capped"] }, ["capped"]],
    ["whose list is not cut any more", { marks: ["capped"] }, {}, ["marks"]],
    ["for whom the Action says something else", { marks: ["empty"] }, { marks: ["missing"] }, ["marks"]],
  ] as const) {
    it(`says ${title}`, async () => {
      assert.deepEqual(await kinds(before, after), expected);
    });
  }

  it("says nothing of who reaches the application by the first connection, or by one of another name alone", async () => {
    assert.deepEqual(await kinds({ connection: "a" }, { connection: "b" }), []);
    assert.deepEqual(await kinds({ ...DENIED, connection: "", sub: "" }, {}), ["let-in"]);
  });

  it("holds each way of a person against the same one", async () => {
    const ways = (groups: Readonly<Record<string, readonly string[]>>) =>
      Object.entries(groups).map(([connection, names]) => rowWith({ connection, groups: names }));
    const changes = await difference(ways({ a: ["A"], b: ["B"] }), ways({ b: ["B"], c: ["A", "C"] }));
    assert.deepEqual(
      changes.map(({ before, after, gained }) => [before?.connection, after?.connection, gained]),
      [["a", "c", ["C"]]],
    );
  });

  it("names people and applications that one side alone has", async () => {
    const [ada, bo, cy] = ["ada", "bo", "cy"].map((name) =>
      rowWith({ person: `${name}@xyz.example`, groups: [name] }),
    );
    assert.ok(ada && bo && cy);
    const other = rowWith({ application: "wiki", groups: ["W"] });
    const changes = await difference([ada, bo], [bo, cy, other]);
    assert.deepEqual(
      changes.map(({ application, person, kinds, gained, lost }) => [
        application,
        person,
        kinds,
        gained,
        lost,
      ]),
      [
        ["portal", "ada@xyz.example", ["gone"], [], ["ada"]],
        ["portal", "cy@xyz.example", ["new"], ["cy"], []],
        ["wiki", "ada@xyz.example", ["new"], ["W"], []],
      ],
    );
  });

  it("merges as the rows come, and holds neither side", async () => {
    let taken = 0;
    async function* endless(bytes: number): AsyncGenerator<ClaimsRow> {
      for (let index = 0; index < 100_000; index += 1) {
        taken += 1;
        const person = `${String(index).padStart(6, "0")}@xyz.example`;
        yield await Promise.resolve(rowWith({ person, idTokenBytes: bytes }));
      }
    }
    const changes: ClaimsChange[] = [];
    for await (const change of differencesOf(endless(1), endless(2))) if (changes.push(change) === 3) break;
    assert.equal(changes.length, 3);
    assert.ok(taken <= 12, `${taken} rows were taken for three changes`);
  });

  it("is counted by application, kind and group", async () => {
    const before = [
      rowWith({ groups: ["A"] }),
      rowWith({ person: "bo@xyz.example", groups: ["A", "B"] }),
      rowWith({ application: "wiki" }),
    ];
    const after = [
      rowWith({ groups: ["B"] }),
      rowWith({ person: "bo@xyz.example", groups: ["B"] }),
      rowWith({ application: "wiki", ...DENIED }),
    ];
    const tally = new DifferenceTally();
    assert.equal(tally.empty, true);
    for (const change of await difference(before, after)) tally.add(change);
    assert.deepEqual(tally.applications, [
      {
        application: "portal",
        people: 2,
        kinds: { lost: 2, gained: 1 },
        groups: [
          { group: "A", gained: 0, lost: 2 },
          { group: "B", gained: 1, lost: 0 },
        ],
      },
      { application: "wiki", people: 1, kinds: { denied: 1 }, groups: [] },
    ]);
    assert.equal(tally.empty, false);
  });

  it("names what of the head touches everybody", () => {
    const before = headWith();
    assert.deepEqual(headDifferences(before, headWith({ stack: "prod", ref: "main" })), []);
    assert.deepEqual(headDifferences(before, headWith({ groupsClaim: "https://xyz.example/g" })), [
      { name: "claim", before: before.groupsClaim, after: "https://xyz.example/g" },
    ]);
  });

  it("names a setting that no first sign-in shows, where both programs have it", () => {
    const [off, on] = ["false", "true"].map((linkedIdentities) => headWith({ unseen: { linkedIdentities } }));
    assert.ok(off && on);
    assert.deepEqual(headDifferences(off, on), [
      { name: "linkedIdentities", before: "false", after: "true" },
    ]);
    assert.deepEqual(headDifferences(headWith(), on), []);
    assert.deepEqual(headDifferences(off, headWith()), []);
  });
});
