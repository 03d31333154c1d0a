import assert from "node:assert/strict";
import {
  type Breaker,
  MAX_FAILURES,
  PAUSE_MS,
  mayAsk,
  noteEnd,
} from "../../../../action/sources/management/breaker.ts";

const unbroken = (): Breaker => ({ failures: 0, pausedUntil: 0, limitedUntil: 0 });

function broken(now: number): Breaker {
  const breaker = unbroken();
  for (let failure = 0; failure < MAX_FAILURES; failure += 1) {
    assert.equal(mayAsk(breaker, now), true);
    noteEnd(breaker, true, now);
  }
  return breaker;
}

describe("the breaker of an instance", () => {
  it("pauses after failures in a row, for a while", () => {
    const breaker = broken(1000);
    assert.equal(mayAsk(breaker, 1000 + PAUSE_MS - 1), false);
    assert.equal(mayAsk(breaker, 1000 + PAUSE_MS), true);
  });

  it("lets one run try after the pause, and all once that one succeeded", () => {
    const breaker = broken(1000);
    const later = 1000 + PAUSE_MS;
    assert.deepEqual([mayAsk(breaker, later), mayAsk(breaker, later)], [true, false]);
    noteEnd(breaker, false, later);
    assert.deepEqual([mayAsk(breaker, later), mayAsk(breaker, later)], [true, true]);
  });

  it("pauses again when that one failed", () => {
    const breaker = broken(1000);
    const later = 1000 + PAUSE_MS;
    mayAsk(breaker, later);
    noteEnd(breaker, true, later);
    assert.equal(mayAsk(breaker, later + PAUSE_MS - 1), false);
    assert.equal(mayAsk(breaker, later + PAUSE_MS), true);
  });

  it("is not stuck when the one that tried never ended", () => {
    const breaker = broken(1000);
    mayAsk(breaker, 1000 + PAUSE_MS);
    assert.equal(mayAsk(breaker, 1000 + 2 * PAUSE_MS), true);
  });

  it("asks nothing before a limit's end, whatever ends meanwhile, and then all may", () => {
    const breaker = unbroken();
    breaker.limitedUntil = 2000;
    noteEnd(breaker, false, 1500);
    assert.equal(mayAsk(breaker, 1999), false);
    assert.deepEqual([mayAsk(breaker, 2000), mayAsk(breaker, 2000)], [true, true]);
    const paused = broken(1000);
    paused.limitedUntil = 1000 + 2 * PAUSE_MS;
    assert.equal(mayAsk(paused, 1000 + PAUSE_MS), false);
  });

  it("counts only failures in a row", () => {
    const breaker = unbroken();
    for (let run = 0; run < 3 * MAX_FAILURES; run += 1) {
      assert.equal(mayAsk(breaker, run), true);
      noteEnd(breaker, run % MAX_FAILURES !== 0, run);
    }
  });
});
