import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AccessReport } from "../../../review/access/report.ts";
import { gitCheckout } from "../support/checkout.ts";
import type { GitCheckout } from "../support/checkout.ts";
import { applicationWith, SAMPLE_CONFIG } from "../support/project.ts";

const CONFIG = {
  ...SAMPLE_CONFIG,
  groupPolicy: { exclude: ["SG-VPN"] },
  applications: [applicationWith("portal")],
};
const STRICT = `never:
  - groups: "*Administrators"
    exceptPeople: [paula.grande@xyz.example, break-glass@xyz.example]
keep:
  - { whoever: SG-VPN, has: SG-VPN }
`;
const LOOSE = `never:
  - groups: "*Administrators"
    departments: Sales
    mayBeEmpty: true
`;

describe("npm run claims -- check", function () {
  this.timeout(180_000);
  let checkout: GitCheckout;
  const write = (text: string) => writeFileSync(join(checkout.root, "access.yaml"), text);
  before(function () {
    if (process.platform === "win32") this.skip();
    checkout = gitCheckout(CONFIG);
    checkout.commit("none");
    write("keep: 5\n");
    checkout.commit("broken");
    write(STRICT);
    checkout.commit("strict");
  });
  afterEach(() => assert.deepEqual(checkout.leftovers(), []));
  after(() => checkout?.remove());

  it("names the person, the rule, its line and what the Action's rules did, and fails", async () => {
    write(STRICT);
    const { code, stdout, stderr } = await checkout.claims(["check"]);
    assert.equal(code, 1, stderr);
    assert.equal(stderr, "");
    assert.match(
      stdout,
      /\naccess\.yaml:2 never\[0\]: portal by azure-ad: ada\.lindqvist@xyz\.example has "Admin Portal Administrators"\.\n {4}The source is event, .*\n {4}"Admin Portal Administrators" of the directory: No policy keeps it out\.\n/,
    );
    assert.match(
      stdout,
      /\naccess\.yaml:5 keep\[0\]: portal by azure-ad: ada\.lindqvist@xyz\.example does not have "SG-VPN"\.\n.*\n {4}"SG-VPN" of the directory: "SG-VPN" of exclude in the stack's groupPolicy keeps it out\.\n/,
    );
    assert.match(stdout, /\naccess\.yaml: 2 rules, \d+ violations\.\n$/);
  });

  it("checks the file of a ref too, and lists what was loosened, which is for a person to judge", async () => {
    write(LOOSE);
    const run = await checkout.claims(["check", "--against", "strict", "--json"]);
    assert.equal(run.code, 0, run.stderr);
    const { total, against } = JSON.parse(run.stdout) as AccessReport;
    assert.equal(total, 0);
    assert.ok((against?.result?.total ?? 0) > 5);
    assert.deepEqual(against?.loosened, [
      {
        ...{ rule: "never[0]", line: 2, now: 2 },
        says: 'departments is "Sales" alone, and was all; mayBeEmpty is true now.',
      },
      { rule: "keep[0]", line: 5, says: "It is not there any more." },
    ]);
    const strict = await checkout.claims(["check", "--against", "strict", "--exit-code"]);
    assert.equal(strict.code, 1, strict.stderr);
    assert.match(
      strict.stdout,
      /\nDemanded by strict, and not any more:\n {2}never\[0\] of line 2, now line 2: /,
    );
  });

  it("says why a ref's file cannot be checked", async () => {
    write(LOOSE);
    for (const [ref, says] of [
      ["none", /\nnone: There is no access\.yaml, so there is nothing to hold this one against\.\n$/],
      ["broken", /\nbroken: access\.yaml:1: keep has no list of rules\./],
    ] as const) {
      const { code, stdout, stderr } = await checkout.claims(["check", "--against", ref]);
      assert.equal(code, 0, stderr);
      assert.match(stdout, says);
    }
  });

  it("tells every fault of the file and of the command before anybody is signed in", async () => {
    write("nevr: []\nkeep:\n  - { whoever: A }\n");
    for (const [words, message] of [
      [
        [],
        'access.yaml cannot be used:\n  access.yaml:1: "nevr" is not a kind of rule. Did you mean never?\n  access.yaml:3: keep[0] needs has.\n',
      ],
      [
        ["--access", join("local", "access.yaml")],
        "local/access.yaml is not there, so there are no contracts to check (docs/access.md).\n",
      ],
      [
        ["--access", "package.json"],
        'package.json cannot be used:\n  package.json:2: "name" is not a kind of rule. There is keep, never, always, atMost.\n',
      ],
    ] as const) {
      const { code, stdout, stderr } = await checkout.claims(["check", ...words]);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.ok(stderr.startsWith(`Error: ${message}`), stderr);
    }
  });

  it("refuses a ref that is not there", async () => {
    write(LOOSE);
    const { code, stderr } = await checkout.claims(["check", "--against", "strit"]);
    assert.equal(code, 2);
    assert.match(stderr, /^Error: There is no commit "strit".*Did you mean strict\?\n$/);
  });
});
