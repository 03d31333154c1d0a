import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pageOf } from "./bench/page.ts";
import { PARTS } from "./bench/parts/all.ts";
import { signInsPart } from "./bench/parts/sign-ins.ts";
import type { SignInFigures } from "./bench/parts/sign-ins.ts";
import { readResults } from "./bench/results.ts";
import { kindsOf } from "./bench/stack/least.ts";
import { range } from "./bench/statistics.ts";
import { shown, shownRange } from "./bench/text.ts";
import { CHECKOUT } from "./support/sample.ts";

describe("the figures of the bench", function () {
  this.timeout(30_000);

  it("make docs/performance.md, in which no figure is typed by hand", async () => {
    const page = readFileSync(join(CHECKOUT, "docs/performance.md"), "utf8");
    assert.equal(page, await pageOf(readResults()), "Type: npm run bench -- --page");
  });

  it("are there for every part", () => {
    assert.deepEqual(Object.keys(readResults()).toSorted(), Object.keys(PARTS).toSorted());
  });

  it("are medians with the least and the most", () => {
    assert.deepEqual(range([3, 1, 2]), { median: 2, least: 1, most: 3, samples: 3 });
    assert.deepEqual(range([4, 1, 3, 2]), { median: 2.5, least: 1, most: 4, samples: 4 });
    assert.equal(shownRange(range([1_234.5, 1_000, 2_000])), "1,235 (1,000 to 2,000)");
    assert.equal(shown(Number.NaN), "-");
  });

  it("say which goals are met, by the ratio to the peer and not by the machine", () => {
    const rates = { perSecond: range([100]), milliseconds: range([10]) };
    const figures: SignInFigures = {
      rounds: 1,
      seconds: 1,
      warmUp: 1,
      clientMilliseconds: 1,
      about: [],
      rows: [
        { subject: "oidc-provider", atOnce: 32, ...rates, ratio: range([1]) },
        { subject: "ours, kept", atOnce: 32, ...rates, ratio: range([0.7]) },
      ],
    };
    assert.deepEqual(
      signInsPart.goals(figures).map(({ goal, measured, met }) => [goal, measured, met]),
      [
        ["0.5 of oidc-provider (must)", "0.700", true],
        ["1 of oidc-provider (aim)", "0.700", false],
        ["600/s (moonshot)", "100/s", false],
      ],
    );
  });

  it("name requests without ids, and those that would have to be sent and were not", () => {
    const kinds = kindsOf("refresh", [
      { method: "GET", path: "/api/v2/clients/6PkO2vuWUHi9f9SP5Xk4UFzcKDUOUXuB?fields=client_id" },
      { method: "GET", path: "/api/v2/connections/con_6qFSDXfkvJxx6aja/clients" },
    ]);
    const counts = new Map(kinds.map(({ request, count, least }) => [request, [count, least]]));
    assert.deepEqual(counts.get("GET /api/v2/clients/{id}"), [1, 2]);
    assert.deepEqual(counts.get("GET /api/v2/connections/{id}/clients"), [1, 1]);
    assert.deepEqual(counts.get("POST /oauth/token"), [0, 1]);
  });
});
