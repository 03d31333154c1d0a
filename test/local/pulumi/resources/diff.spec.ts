import assert from "node:assert/strict";
import { diffResource } from "../../../../local/pulumi/resources/diff.ts";
import { plannedOutputs } from "../../../../local/pulumi/resources/outputs.ts";
import { resourceType } from "../../../../local/pulumi/resources/registry.ts";
import type { Props } from "../../../../local/pulumi/resources/values.ts";
import { secret, UNKNOWN } from "../../../../local/pulumi/resources/values.ts";
import { ACTION, CLIENT, CONNECTION, CONNECTION_CLIENTS, CREDENTIALS, GRANT, TRIGGER } from "./support.ts";

describe("resources: diff", () => {
  const diff = (token: string, state: Props, inputs: Props): Record<string, string> =>
    Object.fromEntries(
      [...diffResource(resourceType(token), state, inputs)].map(([path, { kind, replaces }]) => [
        path,
        replaces ? `${kind}, replace` : kind,
      ]),
    );

  it("replaces where the plugin replaces, and nowhere else", () => {
    const changes: [string, Props, Props, Record<string, string>][] = [
      [
        CLIENT,
        { name: "a", appType: "spa" },
        { name: "b", appType: "native" },
        { name: "update", appType: "update" },
      ],
      [
        CLIENT,
        { jwtConfiguration: { secretEncoded: false, alg: "RS256" } },
        { jwtConfiguration: { secretEncoded: true, alg: "HS256" } },
        { "jwtConfiguration.secretEncoded": "update, replace", "jwtConfiguration.alg": "update" },
      ],
      [
        CREDENTIALS,
        { clientId: "a", clientSecret: "x" },
        { clientId: "b", clientSecret: "y" },
        { clientId: "update, replace", clientSecret: "update" },
      ],
      [
        GRANT,
        { clientId: "a", audience: "x", subjectType: "client", scopes: ["s"] },
        { clientId: "b", audience: "y", subjectType: "user", scopes: ["t"] },
        {
          audience: "update, replace",
          clientId: "update, replace",
          "scopes[0]": "update",
          subjectType: "update, replace",
        },
      ],
      [
        CONNECTION,
        { name: "a", strategy: "waad", displayName: "x" },
        { name: "b", strategy: "waad", displayName: "y" },
        { name: "update, replace", displayName: "update" },
      ],
      [
        CONNECTION_CLIENTS,
        { connectionId: "a", enabledClients: ["x"] },
        { connectionId: "b", enabledClients: ["y"] },
        { connectionId: "update, replace", "enabledClients[0]": "update" },
      ],
      [
        TRIGGER,
        { trigger: "post-login", actions: [] },
        { trigger: "credentials-exchange", actions: [] },
        { trigger: "update, replace" },
      ],
      [
        ACTION,
        { name: "a", code: "x", runtime: "node18" },
        { name: "b", code: "y", runtime: "node22" },
        { name: "update", code: "update", runtime: "update" },
      ],
    ];
    for (const [token, state, inputs, expected] of changes)
      assert.deepEqual(diff(token, state, inputs), expected, token);
  });

  it("takes an input that is left out as a change only where the tenant would not choose it", () => {
    const state = {
      callbacks: ["x"],
      isFirstParty: true,
      webOrigins: ["x"],
      logoUri: "x",
      sso: false,
      clientAliases: [],
    };
    assert.deepEqual(diff(CLIENT, state, {}), { webOrigins: "delete", logoUri: "delete" });
  });

  it("knows sets from lists", () => {
    assert.deepEqual(
      diff(
        CONNECTION,
        { options: { domainAliases: ["a", "b"] } },
        { options: { domainAliases: ["b", "a"] } },
      ),
      {},
    );
    assert.deepEqual(diff(CLIENT, { callbacks: ["a", "b"] }, { callbacks: ["b", "a"] }), {
      "callbacks[0]": "delete",
      "callbacks[1]": "add",
    });
    const [one, two] = [
      { name: "a", version: "1" },
      { name: "b", version: "1" },
    ];
    assert.deepEqual(diff(ACTION, { dependencies: [one, two] }, { dependencies: [two, one] }), {});
  });

  it("takes another order of bindings as a change, because they run in it", () => {
    const [one, two] = [
      { id: "1", displayName: "one" },
      { id: "2", displayName: "two" },
    ];
    assert.deepEqual(diff(TRIGGER, { actions: [one, two] }, { actions: [two, one] }), {
      "actions[0].displayName": "update",
      "actions[0].id": "update",
      "actions[1].displayName": "update",
      "actions[1].id": "update",
    });
    assert.deepEqual(diff(TRIGGER, { actions: [one] }, { actions: [one, two] }), { "actions[1]": "add" });
    assert.deepEqual(diff(TRIGGER, { actions: [one, two] }, { actions: [one] }), { "actions[1]": "delete" });
  });

  it("names the elements and keys that differ, by the places that the plugin gives them", () => {
    const cases: [string, Props, Props, Record<string, string>][] = [
      [CLIENT, { callbacks: ["a"] }, { callbacks: ["b", "a"] }, { "callbacks[0]": "add" }],
      [CLIENT, { callbacks: ["a"] }, { callbacks: [] }, { callbacks: "delete" }],
      [CLIENT, { webOrigins: [] }, { webOrigins: ["a"] }, { webOrigins: "add" }],
      [
        CLIENT,
        { grantTypes: ["implicit"] },
        { grantTypes: ["authorization_code", "refresh_token"] },
        { "grantTypes[0]": "update", "grantTypes[1]": "add" },
      ],
      [GRANT, { scopes: ["a", "b"] }, { scopes: ["a"] }, { "scopes[1]": "delete" }],
      [
        CLIENT,
        { clientMetadata: { a: "1", b: "1" } },
        { clientMetadata: { b: "2", "x.y": "3" } },
        {
          "clientMetadata.a": "delete",
          "clientMetadata.b": "update",
          'clientMetadata["x.y"]': "add",
        },
      ],
      [CLIENT, { clientMetadata: {} }, { clientMetadata: { a: "1" } }, { "clientMetadata.a": "add" }],
      [CLIENT, { clientMetadata: null }, { clientMetadata: { a: "1" } }, { clientMetadata: "add" }],
      [
        CONNECTION_CLIENTS,
        { enabledClients: ["a", "b", "c"] },
        { enabledClients: ["b"] },
        { "enabledClients[0]": "delete", "enabledClients[2]": "delete" },
      ],
      [
        ACTION,
        { dependencies: [{ name: "evil", version: "1" }] },
        { dependencies: [{ name: "auth0", version: "7" }] },
        { "dependencies[0].name": "update", "dependencies[0].version": "update" },
      ],
      [
        CLIENT,
        { sso: false, description: "", logoUri: "x" },
        { sso: true, description: "y" },
        { sso: "update", description: "update", logoUri: "delete" },
      ],
      [ACTION, { deploy: true }, {}, { deploy: "update" }],
    ];
    for (const [token, state, inputs, expected] of cases)
      assert.deepEqual(diff(token, state, inputs), expected, JSON.stringify(inputs));
  });

  it("compares what is wrapped with what is not", () => {
    const wrapped = secret([{ name: "A", value: secret("x") }]);
    assert.deepEqual(diff(ACTION, { secrets: wrapped }, { secrets: [{ name: "A", value: "x" }] }), {});
    assert.deepEqual(diff(ACTION, { secrets: wrapped }, { secrets: [{ name: "A", value: "y" }] }), {
      "secrets[0].value": "update",
    });
  });

  it("counts what is not known yet as different", () => {
    assert.deepEqual(diff(CONNECTION_CLIENTS, { enabledClients: ["a"] }, { enabledClients: [UNKNOWN] }), {
      enabledClients: "update",
    });
  });

  it("names the part of an object that differs", () => {
    const state = { options: { domain: "a", clientId: "b", waadProtocol: "x" } };
    assert.deepEqual(diff(CONNECTION, state, { options: { domain: "a", clientId: "c", appId: "d" } }), {
      "options.clientId": "update",
      "options.appId": "add",
      "options.waadProtocol": "delete",
    });
  });

  it("plans what the server chooses as open at a create and as it was at an update", () => {
    const type = resourceType(ACTION);
    const inputs = { name: "a", code: "x" };
    assert.deepEqual(plannedOutputs(type, inputs), { ...inputs, runtime: UNKNOWN, versionId: UNKNOWN });
    const state = { id: "i", name: "a", code: "old", runtime: "node22", versionId: "v" };
    assert.deepEqual(plannedOutputs(type, inputs, state), { ...state, code: "x" });
  });

  it("plans inside of objects too, and nothing of an input that is gone", () => {
    const type = resourceType(CLIENT);
    const inputs = { name: "a", jwtConfiguration: { __defaults: [], alg: "RS256" } };
    assert.deepEqual(plannedOutputs(type, inputs)["jwtConfiguration"], {
      alg: "RS256",
      lifetimeInSeconds: UNKNOWN,
      secretEncoded: UNKNOWN,
    });
    const state = {
      jwtConfiguration: { alg: "HS256", lifetimeInSeconds: 60, scopes: {}, secretEncoded: false },
      webOrigins: ["x"],
      clientMetadata: { a: "1" },
      logoUri: "x",
      sso: null,
      ssoDisabled: false,
      callbacks: ["kept"],
    };
    const planned = plannedOutputs(type, inputs, state);
    assert.deepEqual(planned["jwtConfiguration"], { ...state.jwtConfiguration, alg: "RS256" });
    const { webOrigins, clientMetadata, logoUri, sso, ssoDisabled, callbacks } = planned;
    assert.deepEqual(
      { webOrigins, clientMetadata, logoUri, sso, ssoDisabled, callbacks },
      {
        webOrigins: [],
        clientMetadata: {},
        logoUri: null,
        sso: null,
        ssoDisabled: false,
        callbacks: ["kept"],
      },
    );
  });
});
