import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse, stringify } from "yaml";
import { selectGroups } from "../../../action/policy.ts";
import { effectivePolicy } from "../../../action/effective-policy.ts";
import type { StackConfig } from "../../../stack/config.ts";
import { adminPortal, configErrorLines, load } from "../../support/config-errors.ts";
import { requireCli } from "../../support/engine.ts";
import { sampleProject, sampleStackFile } from "../../support/sample.ts";

type Values = Readonly<Record<string, unknown>>;
type StackFile = { config: Record<string, unknown> } & Record<string, unknown>;

const xyz = { name: "xyz", tenantDomain: "xyz.onmicrosoft.com", clientId: "an-id" };
const abc = { ...xyz, name: "abc", tenantDomain: "abc.onmicrosoft.com" };
const short = { azureTenantDomain: undefined, azureClientId: undefined, azureDomainAliases: undefined };
const portal = (changes: Values): Values => ({ applications: [{ ...adminPortal, ...changes }] });
const policy = (value: unknown): Values => portal({ groupPolicy: value });
const risk = { actionId: "a-1", displayName: "Risk" };
const many = (what: string): string[] => Array.from({ length: 200 }, (_, index) => `XYZ-${what}-${index}`);

/** Groups of a directory whose administrators are not to be trusted with names. */
const groups = ["XYZ-A", "XYZ-Guests", "Admins", "admins", "-x007", "true", "A", "B"];

/**
 * Kinds of errors; `lets` are the groups of the first application afterwards, all of them where it is not
 * said.
 */
const cases: readonly { what: string; changes: Values; lets?: readonly string[] }[] = [
  {
    what: "a mistyped policy",
    changes: { groupPolcy: { include: ["XYZ-A"], maxCount: 3 } },
    lets: ["XYZ-A"],
  },
  {
    what: "texts like numbers, words and options",
    changes: { groupPolcy: { include: ["-x007", "true"] } },
    lets: ["-x007", "true"],
  },
  { what: "a mistyped field", changes: policy({ includes: ["A", "B"] }), lets: ["A", "B"] },
  {
    what: "a field beside the one that is meant",
    changes: policy({ include: ["A"], includes: ["B"] }),
    lets: ["A"],
  },
  { what: "a policy that is a text", changes: policy("XYZ-A"), lets: ["XYZ-A"] },
  { what: "a policy that is a list", changes: policy(["A"]), lets: ["A"] },
  { what: "a policy that is a number", changes: policy(3), lets: [] },
  { what: "a text for a list of exclusions", changes: policy({ exclude: "*" }), lets: [] },
  { what: "a repeated pattern", changes: policy({ include: ["A", "A"] }), lets: ["A"] },
  { what: "a prefix without a selection", changes: policy({ stripPrefix: "XYZ-" }), lets: ["A", "Guests"] },
  {
    what: "a prefix beside another pattern",
    changes: policy({ include: ["Admins"], stripPrefix: "XYZ-" }),
    lets: ["Admins"],
  },
  {
    what: "ids behind names",
    changes: { groupPolicy: { include: ["XYZ-*"] }, ...policy({ identifier: "id", exclude: ["0001"] }) },
    lets: [],
  },
  {
    what: "two groups of one name, with quotes in the other",
    changes: policy({ include: ["admins", 'it\'s "x"'], rename: { 'it\'s "x"': "admins" } }),
    lets: ["admins"],
  },
  {
    what: "a policy that is too long to include",
    changes: policy({ include: ["XYZ-A", ...many("in")] }),
    lets: ["XYZ-A"],
  },
  { what: "a policy that is too long to exclude", changes: policy({ exclude: many("out") }), lets: [] },
  {
    what: "a policy that is too long to rename",
    changes: policy({ include: ["A"], rename: Object.fromEntries(many("re").map((name) => [name, "r"])) }),
    lets: ["A"],
  },
  { what: "caps", changes: policy({ maxCount: 0, maxBytes: 1e6 }), lets: ["-x007"] },
  {
    what: "URLs",
    changes: portal({
      callbacks: "https:a.example\\cb",
      logoutUrls: ["https://*.a.example"],
      webOrigins: ["https://a.example/"],
    }),
  },
  { what: "names", changes: portal({ displayName: " x", nam: 3, formerNames: ["admin-portal"] }) },
  {
    what: "words and numbers",
    changes: {
      tokens: ["id", "id"],
      onMissingGroups: "denied",
      protect: "maybe",
      groupsMaxAgeMinutes: 9e9,
      managementApiTimeoutMs: 1,
    },
  },
  { what: "both forms of a directory", changes: { directories: [xyz] } },
  { what: "neither form", changes: short },
  {
    what: "names of directories",
    changes: {
      ...short,
      directories: [xyz, { ...abc, formerNames: ["xyz"] }],
      "azureClientSecret-ab": "clear",
    },
  },
  {
    what: "groups of a directory that says nothing of them",
    changes: {
      ...short,
      directories: [xyz, abc],
      enrichedConnections: ["xyz", "abc"],
      enrichedStrategies: ["waad", "Azure AD"],
    },
  },
  { what: "a directory that is not there", changes: portal({ directories: ["azuread"] }) },
  { what: "a mistyped secret", changes: { azureClientSecret: undefined, azureClientSecrets: "clear" } },
  {
    what: "Actions of others",
    changes: {
      postLoginBinding: "shard",
      postLoginBefore: [risk],
      postLoginAfter: [risk, { ...risk, id: 3 }],
    },
  },
];

describe("the commands that an error offers", function () {
  this.timeout(60_000);
  let folder: string;
  let base: StackFile;
  let run: (command: string, input?: string) => void;

  before(async function () {
    // The commands are written for a shell of POSIX.
    if (process.platform === "win32") this.skip();
    const cli = await requireCli(this);
    folder = mkdtempSync(join(tmpdir(), "workforce-sso-offers-"));
    copyFileSync(join(sampleProject(), "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
    const env = {
      PATH: `${dirname(cli.command)}${delimiter}${process.env["PATH"] ?? ""}`,
      HOME: folder,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: pathToFileURL(folder).href,
      PULUMI_CONFIG_PASSPHRASE: "a passphrase",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    run = (command, input = "a-new-secret\n") => {
      const { status, stdout, stderr } = spawnSync("sh", ["-c", command], {
        cwd: folder,
        env,
        input,
        encoding: "utf8",
      });
      assert.equal(status, 0, `${command}\n${stdout}${stderr}`);
    };
    run("pulumi stack init offers");
    run("pulumi config set --secret azureClientSecret");
    base = readStack(folder);
  });
  after(() => folder !== undefined && rmSync(folder, { recursive: true, force: true }));

  for (const { what, changes, lets } of cases) {
    it(`work, and let no more through: ${what}`, () => {
      writeStack(folder, base, changes);
      // An error can hide another one: what is read as nothing is not looked into.
      for (let round = 0; round < 4; round += 1) {
        const lines = configErrorLines(inMocks(readStack(folder)));
        if (lines.length === 0) break;
        for (const offer of lines.filter((_, index) => index % 2 === 1)) run(offer.trim());
      }
      const mended = load(inMocks(readStack(folder)));
      if (lets !== undefined) assert.deepEqual(through(mended).toSorted(), lets.toSorted());
      assert.deepEqual([mended.action.linkedIdentities, mended.action.strategies], [false, []]);
      assert.ok(mended.action.connections.every((name) => ["azure-ad", "xyz"].includes(name)));
    });
  }
});

/** What reaches the first application of all the groups. */
function through({ action, applications }: StackConfig): string[] {
  const layers = [action.groupPolicy, applications[0]?.groupPolicy ?? {}];
  const effective = effectivePolicy(layers);
  return selectGroups(groups, effective).slice(0, effective.maxCount);
}

function readStack(folder: string): StackFile {
  return parse(readFileSync(join(folder, "Pulumi.offers.yaml"), "utf8")) as StackFile;
}

/** The sample's values with changes, and the encrypted secret of the scratch stack. */
function writeStack(folder: string, base: StackFile, changes: Values): void {
  const { config: sample } = parse(readFileSync(sampleStackFile, "utf8")) as StackFile;
  const values = { ...sample, ...base.config };
  for (const [key, value] of Object.entries(changes)) values[`workforce-sso:${key}`] = value;
  writeFileSync(join(folder, "Pulumi.offers.yaml"), stringify({ ...base, config: values }));
}

/**
 * The file's values as the program gets them: what is not in the file has its default, and what is encrypted
 * is a secret.
 */
function inMocks({ config }: StackFile): Record<string, unknown> {
  const isSecure = (value: unknown) => typeof value === "object" && value !== null && "secure" in value;
  const sample = [
    "azureTenantDomain",
    "azureClientId",
    "azureDomainAliases",
    "applications",
    "azureClientSecret",
  ];
  return {
    ...Object.fromEntries(sample.map((key) => [`workforce-sso:${key}`, undefined])),
    ...Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key, isSecure(value) ? "a-secret" : value]),
    ),
  };
}
