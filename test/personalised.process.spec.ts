import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { withPersonalCopy } from "./support/personal-copy.ts";
import type { Changes, PersonalCopy } from "./support/personal-copy.ts";

/*
 * What a company does to its clone on the first days must not turn our own tests red, and an error of its own
 * must. The specs below are those that read a configuration, the employees or the project's file, and start
 * no engine: together they take seconds. With PERSONALISED=all every spec runs in the second copy, as CI does
 * it.
 */
const SPECS = [
  "test/configurations.process.spec.ts",
  "test/index.spec.ts",
  "test/stack/config.spec.ts",
  "test/action/documentation.spec.ts",
  "test/local/pulumi/engine/config.process.spec.ts",
  "packages/local-tenant/test/directory/directory.spec.ts",
];
const PRETTIER = createRequire(import.meta.url).resolve("prettier/bin/prettier.cjs");

const SECRET = { secure: "v1:6X1v0g3Rq3kz6jWq:9sXq1lT5b3o0d8n2m4QwErTyUiOp" };
const ACME = {
  groupsClaim: "https://acme.example/claims/groups",
  azureTenantDomain: "acme.onmicrosoft.com",
  azureClientId: "11111111-2222-4333-8444-555555555555",
  azureDomainAliases: ["acme.example"],
};
const application = (name: string, more: Changes = {}) => ({
  name,
  callbacks: [`https://${name}.acme.example/callback`],
  logoutUrls: [],
  ...more,
});
const EMPLOYEE = {
  id: "5f0b2a44-6f0e-4c8c-9d53-0e2d3a3c7a01",
  email: "grace.okafor@acme.example",
  name: "Grace Okafor",
  givenName: "Grace",
  familyName: "Okafor",
  department: "IT",
  jobTitle: "Engineer",
  groups: ["ACME-Wiki-Writers"],
};
const GROUP = { id: "5f0b2a44-6f0e-4c8c-9d53-0e2d3a3c7a02", name: "ACME-Wiki-Writers" };

async function assertGreen(copy: PersonalCopy, specs: readonly string[] = SPECS): Promise<void> {
  const { passed, failed, printed } = await copy.run(...specs);
  assert.deepEqual(failed, []);
  const own = passed.filter((title) => title.startsWith("the configuration "));
  assert.ok(own.length >= 2 && passed.length > 80, printed);
  const format = spawnSync(
    process.execPath,
    [
      PRETTIER,
      "--check",
      ...readdirSync(copy.root).filter((name) => /^Pulumi/.test(name)),
      "local/directory.json",
    ],
    { cwd: copy.root, encoding: "utf8" },
  );
  assert.equal(format.status, 0, format.stderr);
}

describe("a clone that a company has made its own", function () {
  this.timeout(120_000);

  it("stays green with a secret, its salt, company values and a second application", async () => {
    await withPersonalCopy(async (copy) => {
      const wiki = application("wiki", {
        groupPolicy: { include: ["SG-APP-Wiki-*"], stripPrefix: "SG-APP-Wiki-" },
        groupsRequired: true,
      });
      copy.configure({
        ...ACME,
        azureClientSecret: SECRET,
        "auth0:domain": "acme.eu.auth0.com",
        "auth0:clientSecret": SECRET,
        "aws:region": "eu-west-1",
        applications: [application("admin-portal"), wiki],
      });
      copy.addTopLevel({
        encryptionsalt: "v1:Y2hlZXNl:v1:c2FsdA:bm90IGEgcmVhbCBvbmU=",
        secretsprovider: "passphrase",
      });
      await assertGreen(copy);
    });
  });

  it("stays green with a name, directories and employees of its own, Actions of others and two more stacks", async function () {
    const all = process.env["PERSONALISED"] === "all";
    if (all) this.timeout(1_800_000);
    await withPersonalCopy(async (copy) => {
      const { groupsClaim, azureTenantDomain: tenantDomain, azureClientId: clientId } = ACME;
      copy.configure({
        groupsClaim,
        azureTenantDomain: undefined,
        azureClientId: undefined,
        azureDomainAliases: undefined,
        directories: [
          { name: "acme", tenantDomain, clientId, domainAliases: ["acme.example"] },
          {
            name: "bolt",
            tenantDomain: "bolt.onmicrosoft.com",
            clientId,
            groupPolicy: { include: ["ACME-*"] },
          },
        ],
        azureClientSecret: SECRET,
        "azureClientSecret-bolt": SECRET,
        customDomain: "login.acme.example",
        protect: true,
        postLoginBefore: [{ actionId: "6fff6728-0000-4000-8000-000000000000", displayName: "Risk check" }],
        applications: Array.from({ length: 10 }, (_, index) =>
          application(`app-${index}`, index === 9 ? { directories: ["acme", "bolt"] } : {}),
        ),
      });
      copy.configure({ ...ACME, onMissingGroups: "deny", tokens: ["access"] }, "staging");
      copy.configure({ ...ACME, groupSources: ["directory-sync"], bindAction: false }, "prod");
      copy.rename("acme-sso");
      copy.employ({ company: "ACME", domain: "acme.example", employees: [EMPLOYEE], groups: [GROUP] });
      await assertGreen(copy, all ? everySpec(copy.root) : SPECS);
    });
  });

  it("turns red for the reason of each error in its own configuration, and for no other", async () => {
    await withPersonalCopy(async (copy) => {
      const portal = (policy: Changes) => ({ applications: [application("admin-portal", policy)] });
      copy.configure({ groupPolcy: { maxCount: 3 } }, "key");
      copy.configure({ groupsClaim: "groups" }, "claim");
      copy.configure({ azureClientSecret: "in clear" }, "secret");
      copy.configure(portal({ groupsRequired: true, groupPolicy: { include: ["ACME-*"] } }), "denied");
      copy.configure(portal({ groupPolicy: { include: ["ACME-*"] } }), "nobody");
      const { failed, passed, printed } = await copy.run("test/configurations.process.spec.ts");
      const reasons = Object.fromEntries(failed.map(({ title, message }) => [title, message]));
      const expected: Readonly<Record<string, RegExp>> = {
        "the configuration Pulumi.key.yaml loads, and deploys to a local tenant":
          /^Pulumi\.key\.yaml: .*groupPolcy is not known\. Did you mean groupPolicy\?/s,
        "the configuration Pulumi.claim.yaml loads, and deploys to a local tenant":
          /^Pulumi\.claim\.yaml: .*groupsClaim is "groups"/s,
        "the configuration Pulumi.secret.yaml loads, and deploys to a local tenant":
          /^Pulumi\.secret\.yaml: azureClientSecret is not encrypted.*pulumi config set --secret azureClientSecret$/s,
        "the configuration Pulumi.denied.yaml signs an employee in to admin-portal, with groups":
          /^Pulumi\.denied\.yaml: Ada Lindqvist \(ada\..*\) cannot sign in to "admin-portal": access_denied: .*\nGroups .*"SG-VPN".*\nClaims: \{/s,
        "the configuration Pulumi.nobody.yaml signs an employee in to admin-portal, with groups":
          /^Pulumi\.nobody\.yaml: Ada Lindqvist .* signs in to "admin-portal" without a group.*\nGroups .*"SG-VPN".*\nClaims: \{/s,
      };
      assert.deepEqual(Object.keys(reasons).toSorted(), Object.keys(expected).toSorted(), printed);
      for (const [title, reason] of Object.entries(expected)) assert.match(reasons[title] ?? "", reason);
      assert.ok(!JSON.stringify(failed).includes('in clear"'), "the secret is shown");
      assert.ok(
        passed.includes(
          "the configuration Pulumi.dev.yaml signs an employee in to admin-portal, with groups",
        ),
      );
    });
  });
});

/** All but the two that make copies themselves. */
function everySpec(root: string): string[] {
  return readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
    .map((name) => `test/${name.replaceAll("\\", "/")}`)
    .filter(
      (name) => name.endsWith(".spec.ts") && !/personalised|make-it-yours|\/(clients|bench)\//.test(name),
    );
}
