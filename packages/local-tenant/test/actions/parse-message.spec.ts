import assert from "node:assert/strict";
import { parseMessage } from "../../src/actions/parse-message.ts";
import type { ChildMessage } from "../../src/actions/protocol.ts";

/** A message of each type with all of its fields. */
const WHOLE: { readonly [Type in ChildMessage["type"]]: Required<Extract<ChildMessage, { type: Type }>> } = {
  started: { type: "started", run: 1 },
  waiting: { type: "waiting", run: 1 },
  refused: { type: "refused", run: 1 },
  console: { type: "console", run: 1, level: "log", text: "hello" },
  http: { type: "http", run: 1, id: 2, method: "GET", url: "https://a.example/" },
  "http-end": { type: "http-end", run: 1, id: 2, status: 200, milliseconds: 3 },
  call: { type: "call", run: 1, call: 2, method: "getUserGroups", args: {} },
  done: {
    type: "done",
    run: 1,
    fatal: false,
    changed: false,
    pending: ["Timeout"],
    dropped: 0,
    cpu: 5,
    error: { message: "stop", kind: "thrown" },
    effects: [["deny", "stop"]],
  },
};

/** Fields that may be absent, and those that may hold anything. */
const OPTIONAL = ["http-end.status", "call.args", "done.error"];
const ANYTHING = ["call.args"];

const read = (message: object) => parseMessage(JSON.stringify(message));

describe("a line of an Action's process", () => {
  for (const message of Object.values(WHOLE)) {
    const { type } = message;
    const fields = Object.keys(message).filter((field) => field !== "type");

    it(`is a message of type ${type} when it has every field`, () => {
      assert.deepEqual(read(message), message);
    });

    for (const field of fields) {
      const name = `${type}.${field}`;
      if (!OPTIONAL.includes(name)) {
        it(`is refused without ${name}`, () => {
          assert.equal(read({ ...message, [field]: undefined }), undefined);
        });
      }
      if (!ANYTHING.includes(name)) {
        it(`is refused where ${name} is of another type`, () => {
          for (const value of [null, {}, [{}]]) {
            assert.equal(read({ ...message, [field]: value }), undefined, JSON.stringify(value));
          }
        });
      }
    }
  }

  it("is refused when it is not JSON, not an object, or of no known type", () => {
    for (const line of ["", "{", "1", "null", "[]", "{}", '{"type":1}', '{"type":"toString","run":1}']) {
      assert.equal(parseMessage(line), undefined, line);
    }
  });

  it("loses every key named __proto__, also one that is written with escapes", () => {
    for (const key of ["__proto__", "\\u005f_proto__"]) {
      const line = `{"type":"call","run":1,"call":2,"method":"x","args":[{"${key}":{"a":1},"b":2}],"${key}":{}}`;
      const message = parseMessage(line);
      assert.deepEqual(message, { type: "call", run: 1, call: 2, method: "x", args: [{ b: 2 }] });
      assert.ok(!JSON.stringify(message).includes("__proto__"));
    }
  });

  it("is refused when it is nested more than 64 deep", () => {
    const args = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
    const line = (depth: number) => `{"type":"call","run":1,"call":2,"method":"x","args":${args(depth)}}`;
    assert.notEqual(parseMessage(line(63)), undefined);
    assert.equal(parseMessage(line(64)), undefined);
  });
});
