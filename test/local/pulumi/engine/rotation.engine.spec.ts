import assert from "node:assert/strict";
import { perTest } from "../../../../packages/local-tenant/test/support/per-suite.ts";
import { startTestEngine } from "../../../support/engine.ts";
import { signInsDuring } from "../../../support/sign-ins.ts";

const fallback = { groupSources: ["management-api"] };
const reader = "Workforce SSO groups reader";

describe("the rotation of the machine client by the real engine", function () {
  this.timeout(240_000);
  const test = perTest(startTestEngine);

  const readers = () =>
    test.tenant.context.store.tables.clients
      .list(({ name }) => name.startsWith(reader))
      .map(({ name }) => name)
      .toSorted();

  it("fails no sign-in, keeps the former client until the next up, and goes on from any generation", async () => {
    test.configure({ ...fallback });
    await test.up();
    assert.deepEqual(readers(), [reader]);
    for (const [generation, former] of [
      [2, reader],
      [3, `${reader} 2`],
    ] as const) {
      test.configure({ ...fallback, machineClientGeneration: generation });
      const preview = await test.preview();
      assert.ok(preview.changed.includes(`create groups-reader-${generation}-client`));
      assert.ok(!preview.changed.some((change) => change.startsWith("delete")), preview.changed.join(", "));
      const results = await signInsDuring(test, "XYZ Admin Portal", () => test.up());
      assert.ok(results.length > 1);
      assert.deepEqual(
        results.filter(({ outcome, groups }) => outcome !== "ok" || (groups ?? []).length === 0),
        [],
      );
      assert.deepEqual(readers(), [former, `${reader} ${generation}`].toSorted());
      const next = await test.up();
      assert.ok(next.changed.length > 0 && next.changed.every((change) => change.startsWith("delete")));
      assert.deepEqual(readers(), [`${reader} ${generation}`]);
      assert.deepEqual((await test.up()).changed, []);
    }
  });
});
