import assert from "node:assert/strict";
import { answer, handler, printed, withRunner } from "./harness.ts";

const HOUR = 3_600_000;
const NOON = Date.parse("2031-05-06T12:00:00.000Z");
/** Longer than a run takes; the clock of a run goes on by itself. */
const SOON = 30_000;

describe("the clock of an Action", () => {
  let now = NOON;
  const { run } = withRunner({ now: () => now });
  const evaluate = async (expression: string) =>
    answer(await run(handler(`console.log(JSON.stringify(${expression}));`)));
  beforeEach(() => {
    now = NOON;
  });

  it("is the tenant's, however an Action asks for the time", async () => {
    const times = (await evaluate(`[
      Date.now(), new Date().getTime(), +new Date(), Date.parse(Date()), new (new Date()).constructor().getTime(),
      Reflect.construct(Date, []).getTime(), new (class extends Date {})().getTime(), new globalThis.Date().getTime(),
    ]`)) as number[];
    assert.equal(times.length, 8);
    // The text of Date() has no milliseconds.
    for (const time of times)
      assert.ok(time >= NOON - 1000 && time < NOON + SOON, new Date(time).toISOString());
  });

  it("moves with the tenant's, also in a process that is warm, and also back", async () => {
    const tell = handler(`console.log(String(Date.now()));`);
    const told: [boolean | undefined, number][] = [];
    for (const change of [0, HOUR, -HOUR]) {
      now = NOON + change;
      const outcome = await run(tell);
      told.push([outcome.runs[0]?.cold, Math.floor((Number(printed(outcome)[0]) - NOON) / SOON) * SOON]);
    }
    assert.deepEqual(told, [
      [true, 0],
      [false, HOUR],
      [false, -HOUR],
    ]);
  });

  it("goes on during a run", async () => {
    const passed = await evaluate(
      `await (async () => { const start = Date.now(); await new Promise((done) => setTimeout(done, 30)); return Date.now() - start; })()`,
    );
    assert.ok(Number(passed) >= 25 && Number(passed) < SOON, String(passed));
  });

  it("leaves timers and performance.now to the machine's", async () => {
    now = NOON + 1000 * HOUR;
    const measured = await evaluate(
      `await (async () => { const start = performance.now(); await new Promise((done) => setTimeout(done, 30)); return performance.now() - start; })()`,
    );
    assert.ok(Number(measured) >= 25 && Number(measured) < SOON, String(measured));
  });

  it("is the built-in Date in all other things", async () => {
    assert.deepEqual(
      await evaluate(`[
        Date.name, Date.length, typeof Date, typeof Date(), Date.UTC(2020, 0), Date.parse("2020-01-01T00:00:00Z"),
        new Date(2020, 0, 2, 3).getHours(), new Date("2020-01-01").toISOString(), new Date(5).getTime(),
        Number.isNaN(new Date(undefined).getTime()), Number.isNaN(new Date("never").getTime()),
        new Date() instanceof Date, new Date().constructor === Date, Object.getPrototypeOf(new Date()) === Date.prototype,
        require("node:util").types.isDate(new Date()), structuredClone(new Date(7)).getTime(), JSON.stringify(new Date(0)),
        Object.keys(Date).length, Object.getOwnPropertyNames(Date).sort().join(), Function.prototype.toString.call(Date).includes("[native code]"),
        Date.now.name, Date.now.length, "prototype" in Date.now,
        (class Day extends Date { next() { return new Day(+this + 1); } }).name, new (class Day extends Date { twice() { return 2 * this; } })(4).twice(),
      ]`),
      [
        ...["Date", 7, "function", "string", 1_577_836_800_000, 1_577_836_800_000],
        ...[3, "2020-01-01T00:00:00.000Z", 5],
        ...[true, true],
        ...[true, true, true],
        ...[true, 7, '"1970-01-01T00:00:00.000Z"'],
        ...[0, "UTC,length,name,now,parse,prototype", true],
        ...["now", 0, false],
        ...["Day", 8],
      ],
    );
  });

  it("counts the lifetime of what api.cache keeps", async () => {
    const set = handler(`api.cache.set("token", "t", { ttl: ${HOUR} });`);
    const get = `api.cache.get("token")?.value ?? "gone"`;
    await run(set);
    now = NOON + HOUR - SOON;
    assert.equal(await evaluate(get), "t");
    now = NOON + HOUR + SOON;
    assert.equal(await evaluate(get), "gone");
  });

  it("is set anew for each run, whatever an earlier one did to it", async () => {
    const change = handler(`if (event.first) Date.now = () => 0; console.log(String(Date.now() > 1e12));`);
    const event = { user: { user_id: "waad|ada" } };
    const first = await run(change, { event: { ...event, first: true } });
    assert.match(first.runs[0]?.warnings.join() ?? "", /changed a built-in object/);
    assert.deepEqual(printed(await run(change, { event })), ["true"]);
  });
});

describe("the clock of an Action without a tenant's", () => {
  const { run } = withRunner();

  it("is the machine's", async () => {
    const before = Date.now();
    const told = Number(answer(await run(handler(`console.log(String(Date.now()));`))));
    assert.ok(told >= before - 2 && told <= Date.now() + 2, String(told - before));
  });
});
