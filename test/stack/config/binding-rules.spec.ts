import assert from "node:assert/strict";
import { assertConfigError, configErrorLines } from "../../support/config-errors.ts";

const bindings = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    actionId: `${name}-${index}`,
    displayName: `${name} ${index}`,
  }));
const remove = (path: string) => `pulumi config rm --path "${path}"`;

describe("the Actions of others in the configuration", () => {
  it("are 49 at the most, for Auth0 takes 50 with ours", () => {
    assert.deepEqual(
      configErrorLines({ postLoginBefore: bindings("a", 20), postLoginAfter: bindings("b", 29) }),
      [],
    );
  });

  for (const [before, after, last, count] of [
    [20, 30, "postLoginAfter[29]", 51],
    [50, 0, "postLoginBefore[49]", 51],
    [0, 52, "postLoginAfter[51]", 53],
    [51, 1, "postLoginAfter[0]", 53],
  ] as const) {
    it(`are too many as ${before} before ours and ${after} after it, and the last one is offered to go`, () => {
      const problem = new RegExp(`makes ${count} Actions together with ours, and Auth0 accepts at most 50`);
      const changes = { postLoginBefore: bindings("a", before), postLoginAfter: bindings("b", after) };
      assertConfigError(changes, problem, remove(last));
    });
  }

  for (const key of ["postLoginBefore", "postLoginAfter"] as const) {
    it(`are not to be named by ${key} where the stack shares the list`, () => {
      assertConfigError(
        { postLoginBinding: "shared", [key]: bindings("a", 1) },
        new RegExp(
          `${key} is set, but with postLoginBinding shared this stack does not manage the Actions of others`,
        ),
        `pulumi config rm ${key}`,
      );
    });

    for (const id of ["no id", "(id)", "a".repeat(256), " id"]) {
      it(`are named by what can be an id: ${JSON.stringify(id).slice(0, 20)} in ${key} is not`, () => {
        const lines = configErrorLines({ [key]: [{ actionId: id, displayName: "Risk" }] });
        assert.match(lines[0] ?? "", /actionId .*not the id of an Action/);
      });
    }
  }

  it("are each told once when two lack their ids", () => {
    const lines = configErrorLines({
      postLoginBefore: [
        { actionId: "", displayName: "One" },
        { actionId: "", displayName: "Two" },
      ],
    });
    assert.doesNotMatch(lines.join("\n"), /binds the Action/);
    assert.equal(lines.length, 4);
    assert.match(lines.join("\n"), /6fff6728-0000-4000-8000-000000000000/);
  });
});
