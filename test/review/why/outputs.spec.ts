import assert from "node:assert/strict";
import type { Explanation } from "../../../review/why/explain.ts";
import { whyJson, whyMarkdown, whyText } from "../../../review/why/output.ts";
import { headWith } from "../support/side.ts";

const EXPLANATION: Explanation = {
  application: "portal",
  person: "ada@xyz.example",
  connection: "azure-ad",
  directory: "xyz.example",
  outcome: "signed-in",
  facts: ["The source is event."],
  groups: [
    {
      group: "XYZ-@all",
      nested: false,
      inToken: true,
      verdict: "in",
      name: "@all",
      steps: ["It is let through."],
    },
    { group: "B", id: "1", nested: true, inToken: false, verdict: "unread", steps: ["It is not asked for."] },
  ],
  unexplained: ["C"],
};
const answer = { head: headWith(), explanations: [EXPLANATION] };

describe("the outputs of why", () => {
  it("are a list for a terminal: what is in the token, what is not, and why", () => {
    const text = whyText(answer);
    assert.match(text, /^A model of sign-ins:\n {2}stack +dev of the working tree\n/);
    assert.ok(
      text.endsWith(`
ada@xyz.example at portal (azure-ad, xyz.example): signed in
  The source is event.

In the token: 1
  XYZ-@all, as @all
      It is let through.

Not in the token: 1
  B (1, by way of another group)
      It is not asked for.

In the token too, and not by the Action's rules: C. Another Action may set the same claim.
`),
      text,
    );
  });

  it("are Markdown in which a name is a name", () => {
    const text = whyMarkdown(answer);
    assert.match(text, /\n### `ada@xyz\.example at portal \(azure-ad, xyz\.example\): signed in`\n/);
    assert.match(text, /\n- `XYZ-@all, as @all`: `It is let through\.`\n/);
  });

  it("are one JSON document", () => {
    assert.deepEqual(JSON.parse(whyJson(answer)), answer);
  });

  it("say why nobody signed in, and that there is no token", () => {
    const denied = {
      ...EXPLANATION,
      outcome: "denied",
      connection: "",
      reason: "No way.",
      groups: [],
    } as const;
    const text = whyText({ ...answer, explanations: [{ ...denied, unexplained: [] }] });
    assert.match(text, /\nada@xyz\.example at portal \(xyz\.example\): denied\. No way\.\n/);
    assert.match(text, /\nThe directory has no groups of this person\.\n$/);
    assert.doesNotMatch(text, /In the token/);
  });
});
