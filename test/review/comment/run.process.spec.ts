import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gitCheckout } from "../support/checkout.ts";
import type { GitCheckout } from "../support/checkout.ts";
import { applicationWith, SAMPLE_CONFIG } from "../support/project.ts";

const CONFIG = { ...SAMPLE_CONFIG, applications: [applicationWith("portal")] };
const CONTRACT = `keep:
  - whoever: First Aiders
    has: First Aiders
    in: portal
`;

describe("npm run claims -- comment", function () {
  this.timeout(180_000);
  let checkout: GitCheckout;
  before(function () {
    if (process.platform === "win32") this.skip();
    checkout = gitCheckout(CONFIG);
    writeFileSync(join(checkout.root, "access.yaml"), CONTRACT);
    checkout.commit("good");
  });
  after(() => checkout?.remove());

  it("writes the comment and the whole, and fails on a contract that is violated", async () => {
    checkout.configure({ ...CONFIG, groupPolicy: { exclude: ["First Aiders"] } });
    const out = join(checkout.temporary, "out", "claims");
    const { code, stdout, stderr } = await checkout.claims(["comment", "--against", "good", "--out", out]);
    assert.deepEqual([code, stdout, stderr], [1, "", ""]);
    for (const file of ["comment.md", "whole.md"]) {
      const text = readFileSync(join(out, file), "utf8");
      assert.match(text, /^<!-- workforce-sso claims -->\n[^]*`access\.yaml` is violated 4 times/);
      assert.match(text, /\n\| `portal` \| 4 of 36 \| 4 \| 4 \| \d+ B \|\n/);
      assert.match(text, /\n\| `portal` \| `First Aiders` \| 4 \| {2}\|\n/);
      assert.doesNotMatch(text, /@/);
    }
    assert.deepEqual(checkout.leftovers(), []);
  });

  it("does not fail on a difference, and names people where it is asked to", async () => {
    checkout.configure({ ...CONFIG, groupPolicy: { exclude: ["SG-VPN"] } });
    const { code, stdout, stderr } = await checkout.claims(["comment", "--against", "good", "--people"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /\n`access\.yaml` holds for everybody \(1 rule\)\.\n/);
    assert.match(stdout, /\n\| `portal` \| `bruno\.keller@xyz\.example` \| loses `SG-VPN`; /);
  });

  it("says that the contracts are not there any more", async () => {
    checkout.configure(CONFIG);
    rmSync(join(checkout.root, "access.yaml"));
    const { code, stdout } = await checkout.claims(["comment", "--against", "good"]);
    assert.equal(code, 0);
    assert.match(stdout, /\n\*\*`access\.yaml` has no rules\.\*\*\n/);
    assert.match(stdout, /\n\| `keep\[0\]` \| 2 \| {2}\| `/);
  });
});
