import assert from "node:assert/strict";
import { readdirSync, rmSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gitCheckout } from "./support/checkout.ts";
import type { GitCheckout } from "./support/checkout.ts";
import { applicationWith, SAMPLE_CONFIG } from "./support/project.ts";

const CONFIG = { ...SAMPLE_CONFIG, applications: [applicationWith("portal")] };
const WITHOUT_VPN = { ...CONFIG, groupPolicy: { exclude: ["SG-VPN"] } };

describe("npm run claims", function () {
  this.timeout(180_000);
  let checkout: GitCheckout;
  before(function () {
    if (process.platform === "win32") this.skip();
    checkout = gitCheckout(CONFIG);
    checkout.commit("good");
    checkout.configure({ ...CONFIG, groupsClaim: "no-url", tokens: ["cookie"] });
    checkout.commit("broken");
    rmSync(join(checkout.root, "Pulumi.dev.yaml"));
    checkout.commit("bare");
  });
  beforeEach(() => checkout.configure(CONFIG));
  afterEach(() => assert.deepEqual(checkout.leftovers(), []));
  after(() => checkout?.remove());

  it("writes a line for each person, and nothing on standard error where that is no terminal", async () => {
    const { code, stdout, stderr } = await checkout.claims([]);
    assert.equal(code, 0, stderr);
    assert.equal(stderr, "");
    assert.match(
      stdout,
      /\n {2}ada\.lindqvist@xyz\.example +signed in +\d+ B {2}Admin Portal Administrators, /,
    );
    assert.match(stdout, /\n\d+ signed in, 4 denied\. The largest ID token is paula\.grande@xyz\.example's/);
  });

  it("holds the working tree against a ref, with what is not committed", async () => {
    checkout.configure(WITHOUT_VPN);
    const run = await checkout.claims(["--against", "good", "--exit-code"]);
    assert.equal(run.code, 1, run.stderr);
    assert.match(run.stdout, /^What is different between good \([0-9a-f]{10}\) and the working tree\.\n/);
    assert.match(run.stdout, /\n {2}ada\.lindqvist@xyz\.example +loses SG-VPN; \d+ B, now \d+ B\n/);
    assert.doesNotMatch(run.stdout, /\n {2}noor\.hassan/);
    assert.match(run.stdout, /\nportal: different for 9 people\n/);
  });

  it("says that nothing is different, and calls the directory file of the working tree for both sides", async () => {
    const directory = join(checkout.temporary, "people.json");
    writeFileSync(directory, JSON.stringify(COMPANY));
    const run = await checkout.claims([
      "--against",
      "good",
      "--exit-code",
      "--directory",
      directory,
      "--json",
    ]);
    assert.equal(run.code, 0, run.stderr);
    const { before, after, changes } = JSON.parse(run.stdout) as Record<
      string,
      { directory: { people: number } }
    >;
    assert.deepEqual([before?.directory, changes], [after?.directory, []]);
    assert.equal(before?.directory.people, 1);
  });

  it("tells each wrong way in one line, with exit code 2", async () => {
    const empty = join(checkout.temporary, "empty.json");
    writeFileSync(empty, JSON.stringify({ ...COMPANY, employees: [] }));
    for (const [words, message] of [
      [
        ["--against", "goood"],
        /^Error: There is no commit "goood" to hold the working tree against\. Did you mean good\?\n$/,
      ],
      [["--against", "--upload-pack"], /^Error: --against needs a git ref, such as main\./],
      [
        ["--against", "broken"],
        /^Error: The program of broken \([0-9a-f]{10}\) has no claims: .*groupsClaim.*tokens.*\n$/,
      ],
      [
        ["--against", "bare"],
        /^Error: The program of bare \([0-9a-f]{10}\) has no claims: Pulumi\.dev\.yaml is not there\.\n$/,
      ],
      [
        ["--stack", "prod"],
        /^Error: There is no stack prod: Pulumi\.prod\.yaml is not there\. There is dev\.\n$/,
      ],
      [["--stack", "de"], /Did you mean dev\?\n$/],
      [["--directory", "nowhere.json"], /^Error: The directory .*nowhere\.json cannot be read/],
      [["--directory", empty], /^Error: The directory .*empty\.json has no employees/],
      [["--agianst", "good"], /^Error: There is no flag --agianst\. Did you mean --against\?/],
    ] as const) {
      const { code, stdout, stderr } = await checkout.claims(words);
      assert.deepEqual([code, stdout, stderr.trimEnd().split("\n").length], [2, "", 1], stderr);
      assert.match(stderr, message);
    }
  });

  it("tells every fault of the configuration", async () => {
    checkout.configure({ ...CONFIG, groupsClaim: "no-url", tokens: ["cookie"] });
    const { code, stdout, stderr } = await checkout.claims([]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /^Error: .*\n[^]*groupsClaim[^]*tokens/);
    assert.doesNotMatch(stderr, /\n\s+at /);
  });

  it("leaves nothing behind when it is stopped in the middle", async () => {
    const run = await checkout.claims(["--against", "good"], async (stop) => {
      await untilThere(checkout.temporary, /^workforce-sso-claims-/);
      stop("SIGINT");
    });
    assert.deepEqual([run.code, run.stdout, run.stderr], [130, "", ""]);
  });

  it("explains a token, and names the nearest where there is no such person or application", async () => {
    const answer = await checkout.claims(["why", "ADA.lindqvist@xyz.example", "portal", "--json"]);
    assert.equal(answer.code, 0, answer.stderr);
    const { explanations } = JSON.parse(answer.stdout) as { explanations: { groups: { group: string }[] }[] };
    assert.ok(explanations[0]?.groups.some(({ group }) => group === "SG-VPN"));
    for (const [words, message] of [
      [
        ["ada.lindqist@xyz.example", "portal"],
        /^Error: local\/directory\.json has nobody .* Did you mean ada\.lindqvist@xyz\.example\?\n$/,
      ],
      [
        ["ada.lindqvist@xyz.example", "protal"],
        /^Error: The stack dev has no application "protal"\. Did you mean portal\?\n$/,
      ],
    ] as const) {
      const { code, stdout, stderr } = await checkout.claims(["why", ...words]);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, message);
    }
  });
});

const COMPANY = {
  company: "XYZ",
  domain: "xyz.example",
  groups: [{ id: "11111111-0000-4000-8000-000000000000", name: "SG-VPN" }],
  employees: [
    {
      id: "22222222-0000-4000-8000-000000000000",
      email: "only.one@xyz.example",
      name: "Only One",
      givenName: "Only",
      familyName: "One",
      department: "All",
      jobTitle: "Everything",
      groups: ["SG-VPN"],
    },
  ],
};

/** Waits for an entry of a folder. */
function untilThere(folder: string, name: RegExp): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!readdirSync(folder).some((entry) => name.test(entry))) return;
      watcher.close();
      resolve();
    };
    const watcher = watch(folder, look);
    look();
  });
}
