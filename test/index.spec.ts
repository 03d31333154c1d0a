import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import program from "../index.ts";
import {
  azureClientSecret,
  type ConfigChanges,
  type LastState,
  runWithMocks,
  valueOf,
} from "./support/pulumi-mocks.ts";

const types = {
  action: "auth0:index/action:Action",
  binding: "auth0:index/triggerAction:TriggerAction",
  bindings: "auth0:index/triggerActions:TriggerActions",
  client: "auth0:index/client:Client",
  connection: "auth0:index/connection:Connection",
  connectionClient: "auth0:index/connectionClient:ConnectionClient",
  connectionClients: "auth0:index/connectionClients:ConnectionClients",
  credentials: "auth0:index/clientCredentials:ClientCredentials",
  grant: "auth0:index/clientGrant:ClientGrant",
};

const reports = {
  name: "reports",
  displayName: "XYZ Reports",
  callbacks: ["https://reports.xyz.example/callback"],
  logoutUrls: [],
};

const adminPortal = {
  name: "admin-portal",
  callbacks: ["https://admin.xyz.example/oidc/callback/"],
  logoutUrls: ["https://admin.xyz.example/"],
};

const run = (changes?: ConfigChanges, lastState?: LastState) => runWithMocks(program, changes, lastState);

describe("the program", () => {
  it("registers each part of the stack under its name", async () => {
    const { resources } = await run();
    assert.deepEqual(
      resources.map(({ type, name }) => [name, type]),
      [
        ["admin-portal", "workforce-sso:index:Application"],
        ["admin-portal-client", types.client],
        ["admin-portal-credentials", types.credentials],
        ["azure-ad", "workforce-sso:index:EnterpriseConnection"],
        ["azure-ad-clients", types.connectionClients],
        ["azure-ad-connection", types.connection],
        ["groups-reader", "workforce-sso:index:MachineClient"],
        ["groups-reader-client", types.client],
        ["groups-reader-credentials", types.credentials],
        ["groups-reader-grant", types.grant],
        ["login-flow", "workforce-sso:index:LoginFlow"],
        ["login-flow-action", types.action],
        ["login-flow-binding", types.binding],
        ["login-flow-bindings", types.bindings],
      ],
    );
  });

  it("gives exactly the outputs that are its API", async () => {
    const { outputs } = await run();
    assert.deepEqual(await valueOf<unknown>(outputs), {
      actionId: "login-flow-action-id",
      clientIds: { "admin-portal": "client-of-admin-portal-client" },
      clientSecrets: { "admin-portal": "secret-of-admin-portal-credentials" },
      connectionId: "azure-ad-connection-id",
      groupsClaim: "https://xyz.example/claims/groups",
      issuer: "https://xyz.eu.auth0.com/",
      machineClientId: "client-of-groups-reader-client",
    });
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const table = /^\| output .*(?:\n\|.*)*/m.exec(readme)?.[0] ?? "";
    const documented = table.matchAll(/^\| `(\w+)`/gm);
    assert.deepEqual([...documented].map(([, name]) => name).toSorted(), Object.keys(outputs).toSorted());
  });

  it("marks the clients' secrets as secret outputs, and only these", async () => {
    const { outputs } = await run({ applications: [adminPortal, reports] });
    const secrets = await valueOf<Record<string, string>>(outputs.clientSecrets);
    assert.deepEqual(Object.keys(secrets), ["admin-portal", "reports"]);
    for (const secret of Object.values(outputs.clientSecrets))
      assert.equal(await pulumi.isSecret(secret), true);
    assert.ok(outputs.connectionId);
    const open = [outputs.actionId, outputs.connectionId, ...Object.values(outputs.clientIds)];
    for (const output of open) assert.equal(await pulumi.isSecret(output), false);
  });

  it("names the custom domain as issuer, and keeps the tenant's own domain in the Action's secrets", async () => {
    const { outputs, find } = await run({ customDomain: "login.xyz.example" });
    assert.equal(outputs.issuer, "https://login.xyz.example/");
    assert.deepEqual(actionSecrets(find), {
      TENANT: "xyz.eu.auth0.com",
      AUDIENCE: "https://xyz.eu.auth0.com/api/v2/",
      APP_CLIENT_ID: "client-of-groups-reader-client",
      APP_CLIENT_SECRET: "secret-of-groups-reader-credentials",
    });
  });

  it("can be run many times in one process, each time from the configuration of that time", async () => {
    const first = await run({ groupsClaim: "https://xyz.example/first" });
    const second = await run({ groupsClaim: "https://xyz.example/second" });
    const third = await run({ groupsClaim: "https://xyz.example/first" });
    assert.notDeepEqual(second.resources, first.resources);
    assert.deepEqual(third.resources, first.resources);
  });

  it("keeps each resource under the part it belongs to", async () => {
    const { resources } = await run();
    assert.deepEqual(Object.fromEntries(resources.map(({ name, options }) => [name, options.parent])), {
      "admin-portal": "",
      "admin-portal-client": "admin-portal",
      "admin-portal-credentials": "admin-portal",
      "azure-ad": "",
      "azure-ad-clients": "azure-ad",
      "azure-ad-connection": "azure-ad",
      "groups-reader": "",
      "groups-reader-client": "groups-reader",
      "groups-reader-credentials": "groups-reader",
      "groups-reader-grant": "groups-reader",
      "login-flow": "",
      "login-flow-action": "login-flow",
      "login-flow-binding": "login-flow",
      "login-flow-bindings": "login-flow",
    });
  });

  it("protects what can't be made again and our place in the flow when asked, and nothing that is there to be changed", async () => {
    const guarded = async (changes: ConfigChanges) =>
      (await run(changes)).resources
        .filter(({ type, options }) => type.startsWith("auth0:") && options.protect)
        .map(({ name }) => name);
    const kept = ["admin-portal-client", "admin-portal-credentials", "azure-ad-connection"];
    assert.deepEqual(await guarded({}), []);
    assert.deepEqual(await guarded({ protect: true }), [...kept, "login-flow-binding"]);
    assert.deepEqual(await guarded({ protect: true, bindAction: false }), kept);
    const many = Array.from({ length: 51 }, (_, index) => ({ ...adminPortal, name: `app-${index}` }));
    const names = await guarded({ protect: true, applications: many });
    assert.deepEqual(
      names.filter((name) => name.startsWith("azure-ad")),
      ["azure-ad-connection"],
    );
  });

  it("sends no secret in clear, wherever it ends", async () => {
    const { resources } = await run();
    const secrets = [azureClientSecret, "secret-of-groups-reader-credentials"];
    const inClear = resources.flatMap(({ name, inputs, secretInputs }) =>
      Object.entries(inputs)
        .filter(([key, value]) => !secretInputs.includes(key) && containsOneOf(value, secrets))
        .map(([key]) => `${name}.${key}`),
    );
    assert.deepEqual(inClear, []);
    const wrapped = resources.filter(({ inputs }) => containsOneOf(inputs, secrets)).map(({ name }) => name);
    assert.deepEqual(wrapped, ["azure-ad-connection", "login-flow-action"]);
  });
});

describe("the machine client", () => {
  it("may read users on the tenant's Management API and nothing else", async () => {
    const { find } = await run();
    assert.deepEqual(find(types.grant, "groups-reader-grant").inputs, {
      clientId: "client-of-groups-reader-client",
      audience: "https://xyz.eu.auth0.com/api/v2/",
      scopes: ["read:users"],
    });
  });

  it("can do client credentials alone, with a secret that Auth0 makes", async () => {
    const { find } = await run();
    const client = find(types.client, "groups-reader-client").inputs;
    assert.equal(client["appType"], "non_interactive");
    assert.deepEqual(client["grantTypes"], ["client_credentials"]);
    assert.deepEqual(find(types.credentials, "groups-reader-credentials").inputs, {
      clientId: "client-of-groups-reader-client",
      authenticationMethod: "client_secret_post",
    });
  });

  it("does not exist while the Action never asks the Management API, nor do its secrets and the SDK", async () => {
    const { outputs, resources, find } = await run({ groupSources: ["event", "directory-sync"] });
    assert.deepEqual(
      resources.filter(({ name }) => name.startsWith("groups-reader")),
      [],
    );
    assert.equal("machineClientId" in outputs, false);
    assert.deepEqual(Object.keys(actionSecrets(find)), ["TENANT", "AUDIENCE"]);
    assert.deepEqual(find(types.action, "login-flow-action").inputs["dependencies"], []);
  });
});

describe("the machine client's generations", () => {
  const urn = "urn:pulumi:dev::workforce-sso::workforce-sso:index:";
  /** A state whose Action has the secrets of a generation, with the components of these machine clients. */
  const state = (generation: number | undefined, ...clients: string[]): LastState => ({
    [`${urn}LoginFlow::login-flow`]: {
      type: "workforce-sso:index:LoginFlow",
      outputs: generation === undefined ? {} : { machineClientGeneration: generation },
    },
    ...Object.fromEntries(
      clients.map((name) => [
        `${urn}MachineClient::${name}`,
        { type: "workforce-sso:index:MachineClient", outputs: {} },
      ]),
    ),
  });
  const readers = async (generation: number, last: LastState) => {
    const { resources, find } = await run({ machineClientGeneration: generation }, last);
    const components = resources.filter(({ type }) => type === "workforce-sso:index:MachineClient");
    return { names: components.map(({ name }) => name), used: actionSecrets(find)["APP_CLIENT_ID"] };
  };

  for (const [what, generation, last, names] of [
    [
      "keep the former one in the up of the switch",
      2,
      state(1, "groups-reader"),
      ["groups-reader", "groups-reader-2"],
    ],
    [
      "know that a state from before there were generations has the first",
      2,
      state(undefined, "groups-reader"),
      ["groups-reader", "groups-reader-2"],
    ],
    [
      "drop the former one in the next up",
      2,
      state(2, "groups-reader", "groups-reader-2"),
      ["groups-reader-2"],
    ],
    [
      "keep the one that was in use when numbers are left out",
      5,
      state(2, "groups-reader-2"),
      ["groups-reader-2", "groups-reader-5"],
    ],
    ["make none that never was", 2, state(1), ["groups-reader-2"]],
    ["make none that never was in a new stack", 2, {}, ["groups-reader-2"]],
    [
      "keep the former one when the engine gives no answer",
      3,
      new Error("no backend"),
      ["groups-reader-2", "groups-reader-3"],
    ],
  ] as [string, number, LastState, string[]][]) {
    it(what, async () => {
      const { names: made, used } = await readers(generation, last);
      assert.deepEqual(made, names);
      assert.equal(used, `client-of-groups-reader-${generation}-client`);
    });
  }

  it("are not asked about for the first, whose program calls nothing", async () => {
    assert.deepEqual((await readers(1, new Error("never asked"))).names, ["groups-reader"]);
  });

  it("change hands when grant and credentials of the new one are there", async () => {
    const { find } = await run({ machineClientGeneration: 2 }, state(1, "groups-reader"));
    const { dependsOn } = find(types.action, "login-flow-action").options;
    assert.ok(
      ["groups-reader-2-credentials", "groups-reader-2-grant"].every((name) => dependsOn.includes(name)),
    );
    assert.equal(
      find(types.client, "groups-reader-2-client").inputs["name"],
      "Workforce SSO groups reader 2",
    );
  });
});

describe("the enterprise connection", () => {
  it("asks Azure AD for the employee's groups, by the stable object id", async () => {
    const { find } = await run();
    const connection = find(types.connection, "azure-ad-connection");
    assert.deepEqual(connection.inputs, {
      name: "azure-ad",
      strategy: "waad",
      options: {
        clientId: "00000000-0000-4000-8000-000000000000",
        clientSecret: azureClientSecret,
        domain: "xyz.onmicrosoft.com",
        tenantDomain: "xyz.onmicrosoft.com",
        domainAliases: ["xyz.example"],
        identityApi: "microsoft-identity-platform-v2.0",
        waadProtocol: "openid-connect",
        userIdAttribute: "oid",
        scopes: ["basic_profile", "ext_profile", "ext_groups"],
        setUserRootAttributes: "on_each_login",
        shouldTrustEmailVerifiedConnection: "never_set_emails_as_verified",
      },
    });
    assert.deepEqual(connection.secretInputs, ["options"]);
  });

  it("asks for groups of groups when configured", async () => {
    const { find } = await run({ azureNestedGroups: true });
    const { options } = find(types.connection, "azure-ad-connection").inputs as {
      options: { scopes: string[] };
    };
    assert.deepEqual(options.scopes, ["basic_profile", "ext_profile", "ext_groups", "ext_nested_groups"]);
  });

  it("is made after every client of the stack, which a tenant may enable on it by itself", async () => {
    const { find } = await run({ applications: [adminPortal, reports] });
    assert.deepEqual(find(types.connection, "azure-ad-connection").options.dependsOn, [
      "admin-portal-client",
      "groups-reader-client",
      "reports-client",
    ]);
  });

  it("is open to the stack's applications and not to the machine client", async () => {
    const { find } = await run({ applications: [adminPortal, reports] });
    assert.deepEqual(find(types.connectionClients, "azure-ad-clients").inputs, {
      connectionId: "azure-ad-connection-id",
      enabledClients: ["client-of-admin-portal-client", "client-of-reports-client"],
    });
  });

  it("is one for each directory, and the first has the names of a stack with one", async () => {
    const directory = (name: string) => ({
      name,
      tenantDomain: `${name}.onmicrosoft.com`,
      clientId: `id-of-${name}`,
    });
    const { resources, find, outputs } = await run({
      azureTenantDomain: undefined,
      azureClientId: undefined,
      azureDomainAliases: undefined,
      directories: [directory("xyz"), { ...directory("abc"), maxGroups: 300 }],
      "azureClientSecret-abc": "the-secret-of-abc",
      applications: [adminPortal, { ...reports, directories: ["abc", "xyz"] }],
    });
    const names = resources.map(({ name }) => name).filter((name) => name.startsWith("azure-ad"));
    assert.deepEqual(names, [
      "azure-ad",
      "azure-ad-abc",
      "azure-ad-abc-clients",
      "azure-ad-abc-connection",
      "azure-ad-clients",
      "azure-ad-connection",
    ]);
    const { inputs, secretInputs } = find(types.connection, "azure-ad-abc-connection");
    const { clientSecret, maxGroupsToRetrieve } = inputs["options"] as Record<string, unknown>;
    assert.deepEqual(
      [inputs["name"], clientSecret, maxGroupsToRetrieve],
      ["abc", "the-secret-of-abc", "300"],
    );
    assert.deepEqual(secretInputs, ["options"]);
    assert.deepEqual(find(types.connectionClients, "azure-ad-abc-clients").inputs["enabledClients"], [
      "client-of-reports-client",
    ]);
    assert.equal(await valueOf(outputs.connectionId), "azure-ad-connection-id");
  });

  it("lets nobody in before the Action knows it", async () => {
    const { find } = await run();
    const { dependsOn } = find(types.connectionClients, "azure-ad-clients").options;
    assert.ok(dependsOn.includes("login-flow-action"), dependsOn.join());
  });

  it("keeps its applications enabled when their list is dropped, be it for single entries or with the connection", async () => {
    const { find } = await run();
    assert.equal(find(types.connectionClients, "azure-ad-clients").options.retainOnDelete, true);
  });

  it("enables each application by itself where one request does not take them all", async () => {
    const applications = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        ...reports,
        name: `app-${index}`,
        displayName: `App ${index}`,
      }));
    const few = await run({ applications: applications(50) });
    assert.deepEqual(
      [few.ofType(types.connectionClients).length, few.ofType(types.connectionClient).length],
      [1, 0],
    );
    const many = await run({ applications: applications(51) });
    assert.deepEqual(
      [many.ofType(types.connectionClients).length, many.ofType(types.connectionClient).length],
      [0, 51],
    );
    const { inputs, options } = many.find(types.connectionClient, "azure-ad-client-app-50");
    assert.deepEqual(inputs, { connectionId: "azure-ad-connection-id", clientId: "client-of-app-50-client" });
    // Or an application that leaves the connection would stay enabled.
    assert.equal(options.retainOnDelete, false);
    assert.ok(options.dependsOn.includes("login-flow-action"));
  });
});

describe("an application", () => {
  it("signs in with the authorization code and nothing else", async () => {
    const { find } = await run();
    const client = find(types.client, "admin-portal-client").inputs;
    assert.deepEqual(client, {
      name: "XYZ Admin Portal",
      description: "An internal application that employees sign in to.",
      appType: "regular_web",
      callbacks: ["http://localhost:8000/oidc/callback/"],
      allowedLogoutUrls: ["http://localhost:8000/"],
      webOrigins: [],
      grantTypes: ["authorization_code"],
      oidcConformant: true,
      jwtConfiguration: { alg: "RS256" },
      clientMetadata: {},
    });
    assert.deepEqual(find(types.credentials, "admin-portal-credentials").inputs, {
      clientId: "client-of-admin-portal-client",
      authenticationMethod: "client_secret_post",
    });
  });

  it("gets refresh tokens, which change with each use, when it asks for them", async () => {
    const { find } = await run({ applications: [adminPortal, { ...reports, refreshTokens: true }] });
    assert.equal(find(types.client, "admin-portal-client").inputs["refreshToken"], undefined);
    const client = find(types.client, "reports-client").inputs;
    assert.deepEqual(client["grantTypes"], ["authorization_code", "refresh_token"]);
    assert.deepEqual(client["refreshToken"], {
      rotationType: "rotating",
      expirationType: "expiring",
      leeway: 5,
      tokenLifetime: 2_592_000,
      idleTokenLifetime: 1_296_000,
      infiniteTokenLifetime: false,
      infiniteIdleTokenLifetime: false,
    });
  });

  it("carries its own group policy in its metadata", async () => {
    const policy = { include: ["XYZ-Reports-*"], stripPrefix: "XYZ-Reports-" };
    const { find } = await run({
      applications: [adminPortal, { ...reports, groupPolicy: policy, groupsRequired: true }],
    });
    const { clientMetadata } = find(types.client, "reports-client").inputs as {
      clientMetadata: Record<string, string>;
    };
    const { decodeClientMetadata } = await import("../action/client-metadata.ts");
    assert.deepEqual(decodeClientMetadata(clientMetadata), { groupPolicy: policy, groupsRequired: true });
  });
});

describe("the login flow", () => {
  it("deploys the bundled Action on node22 for the third version of post-login", async () => {
    const { find } = await run();
    const { inputs, secretInputs } = find(types.action, "login-flow-action");
    const { code, dependencies, secrets, ...rest } = inputs;
    assert.deepEqual(rest, {
      name: "Enrich JWT with Groups from AD",
      supportedTriggers: { id: "post-login", version: "v3" },
      runtime: "node22",
      deploy: true,
    });
    assert.match(String(code), /onExecutePostLogin/);
    assert.match(String(code), /https:\/\/xyz\.example\/claims\/groups/);
    const manifest = (await import("../package.json", { with: { type: "json" } })).default;
    assert.deepEqual(dependencies, [{ name: "auth0", version: manifest.dependencies.auth0 }]);
    assert.equal((secrets as unknown[]).length, 4);
    assert.deepEqual(secretInputs, ["secrets"]);
  });

  it("binds the Actions of others around ours, in the configured order", async () => {
    const { find } = await run({
      postLoginBefore: [
        { actionId: "a-1", displayName: "Risk" },
        { actionId: "a-2", displayName: "Consent" },
      ],
      postLoginAfter: [{ actionId: "a-3", displayName: "Audit" }],
    });
    assert.deepEqual(find(types.bindings, "login-flow-bindings").inputs, {
      trigger: "post-login",
      actions: [
        { id: "a-1", displayName: "Risk" },
        { id: "a-2", displayName: "Consent" },
        { id: "login-flow-action-id", displayName: "Enrich JWT with Groups from AD" },
        { id: "a-3", displayName: "Audit" },
      ],
    });
  });

  it("leaves exactly the Actions of others bound when ours is taken out", async () => {
    const { find } = await run({
      bindAction: false,
      postLoginBefore: [{ actionId: "a-1", displayName: "Risk" }],
      postLoginAfter: [{ actionId: "a-3", displayName: "Audit" }],
    });
    assert.deepEqual(find(types.bindings, "login-flow-bindings").inputs["actions"], [
      { id: "a-1", displayName: "Risk" },
      { id: "a-3", displayName: "Audit" },
    ]);
  });

  it("has neither list nor entry when ours was the only Action and is taken out", async () => {
    const { resources } = await run({ bindAction: false });
    assert.deepEqual(
      resources.filter(({ type }) => type === types.bindings || type === types.binding),
      [],
    );
  });

  it("binds our Action by an entry of its own, which alone unbinds it", async () => {
    const { find } = await run();
    assert.deepEqual(find(types.binding, "login-flow-binding").inputs, {
      trigger: "post-login",
      actionId: "login-flow-action-id",
      displayName: "Enrich JWT with Groups from AD",
    });
    const without = await run({
      bindAction: false,
      postLoginAfter: [{ actionId: "a-3", displayName: "Audit" }],
    });
    assert.deepEqual(
      without.resources.filter(({ type }) => type === types.binding),
      [],
    );
  });

  it("changes the list after the whole stack and our entry after the list, so that our entry is the first to be deleted", async () => {
    const { resources, find } = await run({ applications: [adminPortal, reports] });
    const others = resources
      .filter(({ type, name }) => type.startsWith("auth0:") && !name.startsWith("login-flow-binding"))
      .map(({ name }) => name);
    const list = find(types.bindings, "login-flow-bindings").options;
    assert.deepEqual(list.dependsOn, others.toSorted());
    const entry = find(types.binding, "login-flow-binding").options;
    assert.deepEqual(entry.dependsOn, [...others, "login-flow-bindings"].toSorted());
  });

  it("never empties the list in the tenant when it is deleted, whoever is in it", async () => {
    const after = [{ actionId: "a-3", displayName: "Audit" }];
    for (const changes of [{}, { postLoginAfter: after }, { postLoginAfter: after, bindAction: false }]) {
      const { find, resources } = await run(changes);
      const { options } = find(types.bindings, "login-flow-bindings");
      assert.deepEqual([options.protect, options.retainOnDelete], [false, true]);
      const kept = resources.filter((resource) => resource.options.retainOnDelete).map(({ name }) => name);
      assert.deepEqual(kept, ["azure-ad-clients", "login-flow-bindings"]);
    }
  });
});

function actionSecrets(find: Awaited<ReturnType<typeof run>>["find"]): Record<string, string> {
  const { secrets } = find(types.action, "login-flow-action").inputs as {
    secrets: { name: string; value: string }[];
  };
  return Object.fromEntries(secrets.map(({ name, value }) => [name, value]));
}

function containsOneOf(value: unknown, texts: readonly string[]): boolean {
  const json = JSON.stringify(value);
  return texts.some((text) => json.includes(text));
}
