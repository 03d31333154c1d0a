import assert from "node:assert/strict";
import { loginFlowFindings } from "../../../stack/preflight/login-flow.ts";

const OURS = "Ours";
const bound = (...names: string[]) =>
  names.map((name) => ({ actionId: name.toLowerCase(), name, displayName: name }));
const planned = (...names: string[]) =>
  names.map((name) =>
    name === OURS
      ? { displayName: name, own: true }
      : { actionId: name.toLowerCase(), displayName: name, own: false },
  );
const find = (plan: string[], now: string[]) =>
  loginFlowFindings("login-flow-bindings", OURS, planned(...plan), bound(...now));
const texts = (plan: string[], now: string[]) =>
  find(plan, now).map(({ text }) =>
    text.replace("login-flow-bindings would ", "").replaceAll(/ \(\w+\)/g, ""),
  );
/** The offered lists, in one line: `A B | C` is A and B before ours, and C after it. */
const offered = (plan: string[], now: string[]) => {
  const lines = find(plan, now).flatMap((finding) => finding.lines ?? []);
  const lists = { postLoginBefore: [] as string[], postLoginAfter: [] as string[] };
  let list: string[] = [];
  for (const line of lines) {
    if (line === "postLoginBefore:" || line === "postLoginAfter:")
      list = lists[line.slice(0, -1) as keyof typeof lists];
    const [, name] = /displayName: "(.*)"/.exec(line) ?? [];
    if (name !== undefined) list.push(name);
  }
  return `${lists.postLoginBefore.join(" ")} | ${lists.postLoginAfter.join(" ")}`.trim();
};

describe("loginFlowFindings", () => {
  it("finds nothing where everybody stays where they are", () => {
    assert.deepEqual(find(["Ours"], []), []);
    assert.deepEqual(find(["Ours"], ["Ours"]), []);
    assert.deepEqual(find(["A", "Ours", "B"], ["A", "Ours", "B"]), []);
    assert.deepEqual(find(["A", "Ours", "B"], ["A", "B"]), [], "ours is new, and has no side yet");
    assert.deepEqual(find(["A", "Fresh", "Ours"], ["A", "Ours"]), [], "one more is bound");
  });

  it("names each Action that would be unbound, and keeps it on its side", () => {
    assert.deepEqual(texts(["Ours"], ["A", "Ours", "B"]), [
      'unbind "A", which runs at sign-in today',
      'unbind "B", which runs at sign-in today',
    ]);
    assert.equal(offered(["Ours"], ["A", "Ours", "B"]), "A | B");
    assert.equal(offered(["A", "Ours"], ["A", "Ours", "B", "C"]), "A | B C");
  });

  it("puts those of a tenant where ours is new before ours, unless the configuration says after", () => {
    assert.equal(offered(["Ours"], ["A", "B"]), "A B |");
    assert.equal(offered(["Ours", "C"], ["A", "B", "C"]), "A B | C");
  });

  it("names who would change sides", () => {
    assert.deepEqual(texts(["Ours", "A"], ["A", "Ours"]), [
      'run "A" after ours, but today it runs before ours',
    ]);
    assert.equal(offered(["Ours", "A"], ["A", "Ours"]), "A |");
  });

  it("names who would change places", () => {
    assert.deepEqual(texts(["B", "A", "Ours"], ["A", "B", "Ours"]), [
      'run "B" before "A", but today it runs after it',
    ]);
    assert.equal(offered(["B", "A", "Ours"], ["A", "B", "Ours"]), "A B |");
  });

  it("keeps what the configuration adds", () => {
    assert.equal(offered(["Fresh", "Ours", "Late"], ["A", "Ours", "B"]), "A Fresh | B Late");
  });

  it("does not take ours for a stranger when it is to be taken out", () => {
    assert.deepEqual(find(["A"], ["A", "Ours"]), []);
    assert.deepEqual(texts(["A"], ["A", "Ours", "B"]), ['unbind "B", which runs at sign-in today']);
  });

  it("offers lines that no name can break", () => {
    const now = [{ actionId: "x", name: 'He said "no": #1', displayName: 'He said "no": #1' }];
    const [finding] = loginFlowFindings("list", OURS, planned("Ours"), now);
    assert.deepEqual(finding?.lines, [
      "postLoginBefore:",
      '  - actionId: "x"',
      '    displayName: "He said \\"no\\": #1"',
    ]);
  });
});
