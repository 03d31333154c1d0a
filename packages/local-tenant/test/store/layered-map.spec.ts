import assert from "node:assert/strict";
import fc from "fast-check";
import { LayeredMap } from "../../src/store/layered-map.ts";

interface Value {
  readonly version: number;
  readonly colour: string;
}

/** The same map made plainly: a Map of its own, in which a key that comes again stands last. */
type Model = Map<string, Value>;

interface Copy {
  readonly map: LayeredMap<Value>;
  model: Model;
}

const create = () => new LayeredMap<Value>({ colour: ({ colour }) => [colour] });

const KEYS = ["a", "b", "c", "d", "e", "f", "g", "h"];
const COLOURS = ["red", "green", "blue"];
const key = fc.constantFrom(...KEYS);
/** Which of the copies that there are; the numbers wrap round. */
const which = fc.nat(20);

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ does: fc.constant("set"), which, key, colour: fc.constantFrom(...COLOURS) }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constant("delete"), which, key }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("move to the end"), which, key }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("drop the oldest"), which }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("fork"), which }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("become"), which, other: which }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("restore"), which, key }) },
);

type Step = { does: string; which: number; key?: string; colour?: string; other?: number };

/** Takes a step in one copy and in its model, and gives the key that had a colour before. */
function take(
  copies: Copy[],
  { does, which: index, key: wanted = "", colour = "", other = 0 }: Step,
  version: number,
) {
  const at = (number: number) => copies[number % copies.length] as Copy;
  const { map, model } = at(index);
  if (does === "set") {
    map.set(wanted, { version, colour });
    model.set(wanted, { version, colour });
  } else if (does === "delete") {
    assert.equal(map.delete(wanted), model.delete(wanted));
  } else if (does === "move to the end") {
    map.moveToEnd(wanted);
    const value = model.get(wanted);
    if (value !== undefined && model.delete(wanted)) model.set(wanted, value);
  } else if (does === "drop the oldest") {
    const oldest = map.oldest();
    assert.equal(oldest, [...model.keys()][0]);
    if (oldest !== undefined) {
      map.delete(oldest);
      model.delete(oldest);
    }
  } else if (does === "fork") {
    const fork = create();
    fork.become(map.share());
    copies.push({ map: fork, model: new Map(model) });
  } else if (does === "become") {
    map.become(at(other).map.share());
    at(index).model = new Map(at(other).model);
  } else {
    const before = map.get(wanted);
    map.set(wanted, { version, colour: "red" });
    map.restore(new Map([[wanted, before]]));
  }
}

describe("LayeredMap", () => {
  it("is like a Map of its own for every copy, whatever order things are done in", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const copies: Copy[] = [{ map: create(), model: new Map() }];
        steps.forEach((one, version) => {
          take(copies, one, version);
          for (const { map, model } of copies) {
            assert.deepEqual(
              [...map.entries()].map(([name, { value }]) => [name, value]),
              [...model],
            );
            assert.equal(map.size, model.size);
            for (const name of KEYS) assert.deepEqual(map.get(name)?.value, model.get(name));
            for (const colour of COLOURS) {
              const found = map.by("colour", colour).map(([name]) => name);
              const expected = [...model].filter(([, value]) => value.colour === colour);
              assert.deepEqual(
                found,
                expected.map(([name]) => name),
              );
            }
          }
        });
      }),
      { numRuns: 300 },
    );
  });

  it("has few layers, however often it is forked between changes", () => {
    const map = create();
    for (let i = 0; i < 2_000; i += 1) map.set(`base ${i}`, { version: 0, colour: "red" });
    for (let i = 0; i < 300; i += 1) {
      map.share();
      map.set(`new ${i}`, { version: i, colour: "green" });
    }
    const { layers } = map.share();
    assert.ok(layers.length <= 10, `${layers.length} layers`);
    assert.equal(map.size, 2_300);
  });

  it("holds nothing any more of a base that it has left behind", () => {
    const map = create();
    for (let i = 0; i < 1_000; i += 1) map.set(`old ${i}`, { version: 0, colour: "red" });
    map.share();
    for (let i = 0; i < 3_000; i += 1) {
      map.set(`new ${i}`, { version: 0, colour: "red" });
      map.delete(map.oldest() ?? "");
    }
    const { layers } = map.share();
    const rows = layers.reduce((sum, layer) => sum + layer.rows.size, 0);
    assert.ok(rows <= 3_000, `${rows} rows for 1000 values`);
  });
});
