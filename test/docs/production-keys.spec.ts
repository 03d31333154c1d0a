import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { diffResource } from "../../local/pulumi/resources/diff.ts";
import { resourceType } from "../../local/pulumi/resources/registry.ts";
import program from "../../index.ts";
import type { ConfigChanges, LastState, SentResource } from "../support/pulumi-mocks.ts";
import { runWithMocks } from "../support/pulumi-mocks.ts";

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");

/** Rows of the table "What a change of a key does": the key, and what a preview shows of the change. */
const rows = new Map(
  [...read("docs/production.md").matchAll(/^\| `([\w-]+)` +\|([^|]*)\|([^|]*)\|$/gm)].map(
    ([, key = "", shown = ""]) => [key, shown.trim()],
  ),
);

const portal = {
  name: "admin-portal",
  callbacks: ["https://admin.xyz.example/oidc/callback/"],
  logoutUrls: ["https://admin.xyz.example/"],
};
const others = [{ actionId: "11111111-2222-4333-8444-555555555555", displayName: "Somebody's" }];
const first = {
  name: "azure-ad",
  tenantDomain: "xyz.onmicrosoft.com",
  clientId: "00000000-0000-4000-8000-000000000000",
};
const second = {
  name: "subsidiary",
  tenantDomain: "sub.onmicrosoft.com",
  clientId: "00000000-0000-4000-8000-000000000001",
  groupPolicy: { include: ["Sub *"] },
};
const two: ConfigChanges = {
  directories: [first, second],
  azureTenantDomain: undefined,
  azureClientId: undefined,
  azureDomainAliases: undefined,
  "azureClientSecret-subsidiary": "another",
};

/** For each key, a configuration and a change of that key alone. */
const CHANGES: Readonly<Record<string, { from?: ConfigChanges; to: ConfigChanges }>> = {
  groupsClaim: { to: { groupsClaim: "https://xyz.example/claims/others" } },
  directories: { from: { ...two, directories: [first], "azureClientSecret-subsidiary": undefined }, to: two },
  azureTenantDomain: { to: { azureTenantDomain: "abc.onmicrosoft.com" } },
  azureClientId: { to: { azureClientId: "00000000-0000-4000-8000-000000000009" } },
  azureClientSecret: { to: { azureClientSecret: "another" } },
  "azureClientSecret-NAME": { from: two, to: { ...two, "azureClientSecret-subsidiary": "a third" } },
  azureDomainAliases: { to: { azureDomainAliases: ["abc.example"] } },
  azureNestedGroups: { to: { azureNestedGroups: true } },
  connectionName: { to: { connectionName: "entra" } },
  applications: {
    from: { applications: [portal] },
    to: { applications: [portal, { ...portal, name: "reports" }] },
  },
  groupSources: { to: { groupSources: ["event"] } },
  groupPolicy: { to: { groupPolicy: { include: ["Admin *"] } } },
  groupsMaxAgeMinutes: { to: { groupsMaxAgeMinutes: 480 } },
  tokens: { to: { tokens: ["id", "access"] } },
  onMissingGroups: { to: { onMissingGroups: "deny" } },
  managementApiTimeoutMs: { to: { managementApiTimeoutMs: 2000 } },
  machineClientGeneration: { to: { machineClientGeneration: 2 } },
  enrichedConnections: { to: { enrichedConnections: ["azure-ad", "other"] } },
  enrichedStrategies: { to: { enrichedStrategies: ["waad"] } },
  linkedIdentities: { to: { linkedIdentities: true } },
  postLoginBinding: { to: { postLoginBinding: "shared" } },
  postLoginBefore: { to: { postLoginBefore: others } },
  postLoginAfter: { to: { postLoginAfter: others } },
  bindAction: { from: { postLoginBefore: others }, to: { postLoginBefore: others, bindAction: false } },
  preflight: { to: { preflight: true } },
  customDomain: { to: { customDomain: "login.xyz.example" } },
  protect: { to: { protect: true } },
};

describe("docs/production.md: what a change of a key does", () => {
  it("has a row for every key, and for no other", () => {
    // SAFETY: the file's own shape, checked by the engine.
    const declared = Object.keys((parse(read("Pulumi.yaml")) as { config: object }).config);
    const known = [...declared, "preflight", "azureClientSecret-NAME"];
    assert.deepEqual([...rows.keys()].toSorted(), known.toSorted());
    assert.deepEqual(Object.keys(CHANGES).toSorted(), known.toSorted());
  });

  for (const [key, { from = {}, to }] of Object.entries(CHANGES)) {
    it(`says what a preview shows: ${key}`, async () => {
      const before = await runWithMocks(program, from);
      const after = await runWithMocks(program, to, stateOf(before.resources));
      const shown = changesBetween(before.resources, after.resources);
      assert.equal(rows.get(key), shown.length === 0 ? "nothing" : shown.join(", "));
    });
  }
});

/** What the engine tells of the state that a run has left. */
function stateOf(resources: readonly SentResource[]): LastState {
  const entries = resources.map(({ type, name }) => {
    const outputs = type === "workforce-sso:index:LoginFlow" ? { machineClientGeneration: 1 } : {};
    return [`urn:pulumi:dev::workforce-sso::${type}::${name}`, { type, outputs }] as const;
  });
  return Object.fromEntries(entries);
}

/** `create Client`, `update Action` and so on, each once, as the plugin would do it. */
function changesBetween(before: readonly SentResource[], after: readonly SentResource[]): string[] {
  const shown = new Set<string>();
  const keyOf = ({ type, name }: SentResource) => `${type}::${name}`;
  const olds = new Map(before.filter(isReal).map((resource) => [keyOf(resource), resource]));
  const news = new Map(after.filter(isReal).map((resource) => [keyOf(resource), resource]));
  const replaced = new Set<string>();
  // What a new resource gives to others is new to them too, so this goes on until nothing more is replaced.
  for (let count = -1; count !== replaced.size;) {
    count = replaced.size;
    for (const [key, resource] of news) {
      const old = olds.get(key);
      const kind = resource.type.split(":").at(-1) ?? "";
      if (old === undefined) shown.add(`create ${kind}`);
      if (old === undefined || replaced.has(resource.name)) continue;
      let text = JSON.stringify(resource.inputs);
      for (const name of replaced) text = text.replaceAll(`"${name}-id"`, `"new-${name}-id"`);
      // SAFETY: the text of an object with other values in it.
      const inputs = JSON.parse(text) as Record<string, unknown>;
      const changes = [...diffResource(resourceType(resource.type), old.inputs, inputs).values()];
      if (changes.some(({ replaces }) => replaces)) replaced.add(resource.name);
      else if (changes.length > 0) shown.add(`update ${kind}`);
    }
  }
  for (const [key, { type, name }] of olds) {
    const kind = type.split(":").at(-1) ?? "";
    if (!news.has(key)) shown.add(`delete ${kind}`);
    if (replaced.has(name)) shown.add(`replace ${kind}`);
  }
  return [...shown].toSorted();
}

function isReal({ type }: SentResource): boolean {
  return type.startsWith("auth0:");
}
