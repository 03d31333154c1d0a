import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { loadConfig } from "../../stack/config.ts";
import { keys } from "../../stack/config/keys.ts";
import { adminPortal, assertConfigError, configErrorLines, load } from "../support/config-errors.ts";
import { defaultSettings } from "../support/default-settings.ts";
import { azureClientSecret, type ConfigChanges, setMockConfig, valueOf } from "../support/pulumi-mocks.ts";

/** What is said of the configuration as it is set. */
function complaint(): string {
  try {
    loadConfig();
  } catch (error) {
    return String(error);
  }
  return "";
}

describe("loadConfig", () => {
  const domainOutside = process.env["AUTH0_DOMAIN"];

  afterEach(() => {
    if (domainOutside === undefined) delete process.env["AUTH0_DOMAIN"];
    else process.env["AUTH0_DOMAIN"] = domainOutside;
  });

  it("reads the sample stack with the project's defaults", async () => {
    const { directories, ...rest } = load({});
    assert.equal(directories.length, 1);
    const { clientSecret, ...open } = directories[0]!;
    assert.equal(await valueOf(clientSecret), azureClientSecret);
    assert.deepEqual(open, {
      name: "azure-ad",
      connectionName: "azure-ad",
      formerNames: [],
      tenantDomain: "xyz.onmicrosoft.com",
      clientId: "00000000-0000-4000-8000-000000000000",
      domainAliases: ["xyz.example"],
      nestedGroups: false,
    });
    assert.deepEqual(rest, {
      domain: "xyz.eu.auth0.com",
      customDomain: "",
      applications: [
        {
          name: "admin-portal",
          displayName: "XYZ Admin Portal",
          callbacks: ["http://localhost:8000/oidc/callback/"],
          logoutUrls: ["http://localhost:8000/"],
          webOrigins: [],
          formerNames: [],
          directories: ["azure-ad"],
          refreshTokens: false,
        },
      ],
      action: { ...defaultSettings, groupsMaxAgeMinutes: 0 },
      machineClientGeneration: 1,
      postLoginBinding: "exclusive",
      postLoginBefore: [],
      postLoginAfter: [],
      bindAction: true,
      preflight: true,
      protect: false,
    });
  });

  it("keeps the Azure secret a secret", async () => {
    const [directory] = load({}).directories;
    assert.ok(directory);
    assert.equal(await pulumi.isSecret(directory.clientSecret), true);
  });

  it("reads everything that can be set", () => {
    const groupPolicy = {
      include: ["XYZ-*"],
      exclude: ["XYZ-Guests"],
      stripPrefix: "XYZ-",
      rename: { Admins: "superuser", "Équipe RH": "hr" },
      identifier: "name",
      maxCount: 50,
      maxBytes: 4000,
    };
    const application = {
      ...adminPortal,
      displayName: "Admin",
      webOrigins: ["https://admin.xyz.example"],
      groupPolicy,
      groupsRequired: true,
      formerNames: ["portal"],
      directories: ["azure-ad"],
      refreshTokens: true,
    };
    const before = [{ actionId: "a-1", displayName: "Risk" }];
    const config = load({
      applications: [application],
      groupSources: ["management-api", "event"],
      groupPolicy,
      tokens: ["id", "access", "saml"],
      onMissingGroups: "deny",
      enrichedConnections: ["azure-ad", "subsidiary"],
      enrichedStrategies: ["samlp"],
      linkedIdentities: true,
      postLoginBefore: before,
      bindAction: false,
    });
    assert.deepEqual(config.action.connections, ["azure-ad", "subsidiary"]);
    assert.deepEqual(config.action.strategies, ["samlp"]);
    assert.equal(config.action.linkedIdentities, true);
    assert.deepEqual(config.applications, [application]);
    assert.deepEqual(config.action.groupPolicy, groupPolicy);
    assert.deepEqual(config.action.groupSources, ["management-api", "event"]);
    assert.deepEqual(config.action.tokens, ["id", "access", "saml"]);
    assert.equal(config.action.onMissingGroups, "deny");
    assert.deepEqual(config.postLoginBefore, before);
    assert.equal(config.bindAction, false);
  });

  it("enriches the stack's own connection, whatever its name, unless others are named", () => {
    assert.deepEqual(load({ connectionName: "entra" }).action.connections, ["entra"]);
    assert.deepEqual(load({ enrichedConnections: ["other"] }).action.connections, ["other"]);
    assertConfigError(
      { enrichedStrategies: ["Azure AD"] },
      /enrichedStrategies\[0\] is "Azure AD", not the name of a strategy, such as waad or samlp/,
      'pulumi config rm --path "enrichedStrategies[0]"',
    );
  });

  it("leaves room in a token for more than the groups", () => {
    assertConfigError(
      { groupPolicy: { maxBytes: 90_001 } },
      /maxBytes is 90001, not a whole number from 2 to 90000/,
      'pulumi config set --path "groupPolicy.maxBytes" 90000',
    );
  });

  it("reports every error at once as one user error, each with its key and the command that mends it", () => {
    const lines = configErrorLines({
      groupsClaim: "groups",
      azureClientId: undefined,
      azureClientSecret: " ",
      groupSources: ["event", "ldap"],
      applications: [{ ...adminPortal, name: "reports", calbacks: [] }],
      groupPolicy: { maxCount: 0 },
      "auth0:domain": "https://xyz.eu.auth0.com/",
    });
    assert.deepEqual(lines, [
      '  auth0:domain is "https://xyz.eu.auth0.com/", which is not a host with an optional port',
      "    pulumi config set auth0:domain xyz.eu.auth0.com",
      '  workforce-sso:groupsClaim is "groups", which is not an http(s) URL, and Auth0 silently drops claims such as ' +
        "`groups` that have no namespace",
      "    pulumi config set groupsClaim https://xyz.example/claims/groups",
      "  workforce-sso:applications[0].calbacks is not known. Did you mean callbacks?",
      '    pulumi config rm --path "applications[0].calbacks"',
      '  workforce-sso:groupSources[1] is "ldap", not one of event, directory-sync, management-api',
      '    pulumi config set --path "groupSources[1]" event',
      "  workforce-sso:groupPolicy.maxCount is 0, not a whole number from 1 to 10000",
      '    pulumi config set --path "groupPolicy.maxCount" 1',
      "  workforce-sso:azureClientId is missing, and so is the list of directories",
      "    pulumi config set azureClientId 00000000-0000-4000-8000-000000000000",
      "  workforce-sso:azureClientSecret is blank",
      "    pulumi config set --secret azureClientSecret",
    ]);
  });

  it("counts the errors in its heading", () => {
    setMockConfig({ tokens: [] });
    assert.throws(loadConfig, /^.*The stack's configuration has one error:\n/);
    setMockConfig({ tokens: [], onMissingGroups: "ask" });
    assert.throws(loadConfig, /^.*The stack's configuration has 2 errors:\n/);
  });

  it("never shows the Azure secret in an error", () => {
    const lines = configErrorLines({ azureClientSecret: `${azureClientSecret}\n`, groupsClaim: "groups" });
    assert.equal(lines.join("\n").includes(azureClientSecret), false);
  });

  it("takes the tenant's domain from the environment when the stack has none, without a scheme", () => {
    process.env["AUTH0_DOMAIN"] = "https://localhost:8443";
    assert.equal(load({ "auth0:domain": undefined }).domain, "localhost:8443");
    process.env["AUTH0_DOMAIN"] = "XYZ.eu.auth0.com";
    assert.equal(load({ "auth0:domain": "xyz.eu.auth0.com" }).domain, "xyz.eu.auth0.com");
  });

  it("refuses two domains, and names both, unless the stack's is the local tenant's", () => {
    process.env["AUTH0_DOMAIN"] = "abc.eu.auth0.com";
    assertConfigError(
      { "auth0:domain": "xyz.eu.auth0.com" },
      /is "xyz.eu.auth0.com", but AUTH0_DOMAIN in the environment is "abc.eu.auth0.com": set only one of them/,
      "unset AUTH0_DOMAIN",
    );
    assert.equal(load({ "auth0:domain": "localhost:8443" }).domain, "localhost:8443");
  });

  it("asks for the tenant's domain when there is none", () => {
    delete process.env["AUTH0_DOMAIN"];
    const mend = "pulumi config set auth0:domain xyz.eu.auth0.com";
    for (const host of [
      "xyz.eu.auth0.com.",
      "xyz.eu.auth0.com.:8443",
      "xyz..auth0.com",
      "*.eu.auth0.com",
      "127.1",
    ]) {
      assertConfigError({ "auth0:domain": host }, /which is not a host with an optional port/, mend);
    }
    assertConfigError({ "auth0:domain": undefined }, /auth0:domain is missing, and so is AUTH0_DOMAIN/, mend);
  });

  it("refuses a key that the project does not know, and names the nearest one", () => {
    const mend = 'pulumi config set --path "groupPolicy.maxCount" 3 && pulumi config rm groupPolcy';
    assertConfigError(
      { groupPolcy: { maxCount: 3 } },
      /groupPolcy is not known\. Did you mean groupPolicy\?/,
      mend,
    );
  });

  it("says of each key what the project file says", () => {
    const { config } = parse(readFileSync(new URL("../../Pulumi.yaml", import.meta.url), "utf8")) as {
      config: Record<string, { type: string; description: string; items?: { type: string } }>;
    };
    for (const [key, { description }] of Object.entries(config)) assert.ok(description.length > 20, key);
    const declared = Object.fromEntries(
      Object.entries(config).map(([key, declaration]) => [key, { ...declaration, description: undefined }]),
    );
    const known = Object.entries(keys).flatMap(([name, key]) => {
      if ("declared" in key) return [];
      const { type, items } = key;
      const rest = "default" in key ? { default: key.default } : {};
      const entries = items && { items: { type: items } };
      return [[name, { type, ...entries, ...rest, description: undefined }] as const];
    });
    assert.deepEqual(declared, {
      ...Object.fromEntries(known),
      azureClientSecret: { type: "string", secret: true, description: undefined },
    });
  });

  it("takes what the project file has defaults for as said there when no engine fills them in", () => {
    const absent = Object.entries(keys).flatMap(([name, key]) => ("default" in key ? [name] : []));
    const sample = ["azureTenantDomain", "azureClientId", "azureDomainAliases"];
    const unsaid = absent.filter((name) => !sample.includes(name));
    const without = Object.fromEntries(unsaid.map((name) => [name, undefined] as const));
    const loaded = { ...load(without), directories: [] };
    const filled = { ...load({}), directories: [] };
    assert.deepEqual(loaded, filled);
  });

  it("refuses a key that was left behind when the project was renamed, since nobody would read it", () => {
    setMockConfig({ "acme-sso:groupsClaim": "https://acme.example/groups", groupPolicy: {} }, "acme-sso");
    const found = /^ {2}workforce-sso:groupPolicy is not read, .* called acme-sso\n {4}(.*)$/m;
    const mend = found.exec(complaint())?.[1];
    assert.equal(mend, 'sed -i.former "s/^  workforce-sso:/  acme-sso:/" Pulumi.dev.yaml');
  });
});

describe("loadConfig's other rules", () => {
  for (const [changes, problem, mend] of [
    [{ tokens: ["id", "id"] }, /tokens\[1\] repeats "id"/, 'pulumi config rm --path "tokens[1]"'],
    [{ groupSources: [] }, /groupSources is empty/, 'pulumi config set --path "groupSources[0]" event'],
    [
      { onMissingGroups: "ask" },
      /onMissingGroups is "ask", not one of deny, omit/,
      "pulumi config set onMissingGroups deny",
    ],
    [
      { managementApiTimeoutMs: 60_000 },
      /managementApiTimeoutMs is 60000, not a whole number from 100 to 15000/,
      "pulumi config set managementApiTimeoutMs 15000",
    ],
    [
      { connectionName: "azure ad" },
      /connectionName is "azure ad", not 1 to 128/,
      "pulumi config set connectionName azure-ad",
    ],
    [
      { azureTenantDomain: "https://xyz.onmicrosoft.com" },
      /azureTenantDomain is .*which is not a host name/,
      "pulumi config set azureTenantDomain xyz.onmicrosoft.com",
    ],
    [
      { azureDomainAliases: ["@xyz.example"] },
      /azureDomainAliases\[0\] is "@xyz.example", which is not a host name/,
      'pulumi config set --path "azureDomainAliases[0]" xyz.example',
    ],
    [
      { customDomain: "https://login.xyz.example/" },
      /customDomain is .*which is not a host name/,
      "pulumi config set customDomain login.xyz.example",
    ],
    [{ protect: "yes" }, /protect is "yes", not true or false/, "pulumi config set protect true"],
    [
      { groupPolicy: { includes: ["A"] } },
      /groupPolicy\.includes is not known\. Did you mean include\?/,
      'pulumi config set --path "groupPolicy.include[0]" A && pulumi config rm --path "groupPolicy.includes"',
    ],
    [
      { groupPolicy: { rename: { "Équipe RH": 3 } } },
      /groupPolicy\.rename\["Équipe RH"\] is 3, not a text/,
      `pulumi config set --path 'groupPolicy.rename["Équipe RH"]' admins`,
    ],
    [
      { groupPolicy: { identifier: "upn" } },
      /groupPolicy\.identifier is "upn", not one of name, id/,
      'pulumi config set --path "groupPolicy.identifier" name',
    ],
    [
      { groupPolicy: ["XYZ-*"] },
      /groupPolicy is \["XYZ-\*"\], not an object/,
      `pulumi config rm groupPolicy && pulumi config set --path "groupPolicy.include[0]" 'XYZ-*'`,
    ],
    [
      { postLoginBefore: [{ id: "a-1", displayName: "Risk", actionId: "a-1" }] },
      /postLoginBefore\[0\]\.id is not known/,
      'pulumi config rm --path "postLoginBefore[0].id"',
    ],
    [
      {
        postLoginBefore: [{ actionId: "a-1", displayName: "Risk" }],
        postLoginAfter: [{ actionId: "a-1", displayName: "Risk" }],
      },
      /postLoginAfter\[0\] binds the Action "a-1", which postLoginBefore\[0\] binds already/,
      'pulumi config rm --path "postLoginAfter[0]"',
    ],
  ] as [ConfigChanges, RegExp, string][]) {
    it(`refuse ${JSON.stringify(changes)}`, () => assertConfigError(changes, problem, mend));
  }
});
