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
        { "jwtConfiguration.secretEncoded": "add, replace", "jwtConfiguration.alg": "update" },
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
          scopes: "update",
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
        { connectionId: "update, replace", enabledClients: "update" },
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
      callbacks: "update",
    });
    const [one, two] = [
      { name: "a", version: "1" },
      { name: "b", version: "1" },
    ];
    assert.deepEqual(diff(ACTION, { dependencies: [one, two] }, { dependencies: [two, one] }), {});
    assert.deepEqual(diff(TRIGGER, { actions: [one, two] }, { actions: [one] }), { actions: "update" });
  });

  it("compares what is wrapped with what is not", () => {
    const wrapped = secret([{ name: "A", value: secret("x") }]);
    assert.deepEqual(diff(ACTION, { secrets: wrapped }, { secrets: [{ name: "A", value: "x" }] }), {});
    assert.deepEqual(diff(ACTION, { secrets: wrapped }, { secrets: [{ name: "A", value: "y" }] }), {
      secrets: "update",
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
});
