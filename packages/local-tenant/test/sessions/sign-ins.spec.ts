import assert from "node:assert/strict";
import { SignIns } from "../../src/sessions/sign-ins.ts";
import { textBytes } from "../../src/sessions/text-bytes.ts";
import { Traces } from "../../src/sessions/traces.ts";
import type { Trace } from "../../src/sessions/traces.ts";
import type { Transaction } from "../../src/sessions/transaction.ts";

/** A sign-in under way whose application sends this `state`. */
function transaction(id: string, state: string): Transaction {
  const parameters = { state };
  return {
    id,
    browser: "b",
    request: {
      clientId: "c",
      redirectUri: "https://app.example/",
      responseMode: "query",
      scope: ["openid"],
      prompt: [],
      acrValues: [],
      parameters,
    },
  };
}

describe("what is kept of sign-ins", () => {
  it("is limited in number: of tokens twice as many, of used assertions ten times", () => {
    const signIns = new SignIns(() => 0, 2);
    const { transactions, directorySessions, codes, refreshTokens, accessTokens, assertions } = signIns;
    for (let i = 0; i < 30; i += 1) {
      const key = String(i);
      transactions.set(key, transaction(key, ""), 1_000);
      directorySessions.set(key, new Map(), 1_000);
      assertions.set(key, true, 1_000);
      // SAFETY: nothing reads what is in these values here.
      for (const values of [codes, refreshTokens, accessTokens]) values.set(key, {} as never, 1_000);
    }
    assert.deepEqual(
      [transactions, directorySessions, codes, refreshTokens, accessTokens, assertions].map(
        ({ size }) => size,
      ),
      [2, 2, 2, 4, 4, 20],
    );
  });

  it("is 32 MB of sign-ins under way at most, whatever an application sends in them", () => {
    const { transactions } = new SignIns(() => 0);
    const state = "x".repeat(900_000);
    for (let i = 0; i < 100; i += 1) transactions.set(String(i), transaction(String(i), state), 1_000);
    assert.ok(transactions.bytes <= 32 * 1024 * 1024, `${transactions.bytes} bytes`);
    assert.equal(transactions.size, 18);
  });

  it("counts a text with two bytes a character, wherever it is", () => {
    const more = (value: unknown, than: unknown) => textBytes(value) - textBytes(than);
    assert.equal(more("xxxx", "x"), 6);
    assert.equal(more({ a: { b: ["xxxx"] } }, { a: { b: ["x"] } }), 6);
    assert.equal(more({ name: 1 }, { n: 1 }), 6);
    assert.ok(more({ a: 1, b: null, c: undefined }, { a: 1 }) > 0, "a property takes something");
    for (const value of ["", 0, true, null, undefined, {}, []]) assert.ok(textBytes(value) > 0);
  });
});

describe("Traces", () => {
  // SAFETY: nothing reads more of a trace here than its id.
  const trace = (id: number) => ({ id: String(id) }) as Trace;

  it("lists the last 200 sign-ins, the newest first, and finds one by its id", () => {
    const traces = new Traces();
    for (let id = 1; id <= 201; id += 1) traces.add(trace(id));
    const ids = traces.list().map(({ id }) => Number(id));
    assert.deepEqual([ids.length, ids[0], ids.at(-1)], [200, 201, 2]);
    assert.equal(traces.get("7")?.id, "7");
    assert.deepEqual([traces.get("1"), traces.get("x")], [undefined, undefined]);
  });
});
