import assert from "node:assert/strict";
import { checkInputs } from "../../../../local/pulumi/resources/check.ts";
import { resourceType } from "../../../../local/pulumi/resources/registry.ts";
import type { Props } from "../../../../local/pulumi/resources/values.ts";
import { secret, UNKNOWN } from "../../../../local/pulumi/resources/values.ts";
import { ACTION, CLIENT, CONNECTION, CONNECTION_CLIENTS, CREDENTIALS, TRIGGER } from "./support.ts";

describe("resources: check", () => {
  const action = { name: "a", code: "", supportedTriggers: { id: "post-login", version: "v3" } };
  const errors: [string, string, Props, RegExp][] = [
    [
      "an unknown input",
      CLIENT,
      { name: "a", callback: [] },
      /^callback: is not an input of this resource\. Its inputs: .*callbacks/,
    ],
    [
      "an unknown nested input",
      CONNECTION,
      { name: "a", strategy: "waad", options: { clientID: "x" } },
      /^options\.clientID: is not an input/,
    ],
    ["an output as an input", CLIENT, { name: "a", clientId: "x" }, /^clientId: is an output/],
    [
      "an input of other users of the plugin",
      CLIENT,
      { name: "a", addons: {} },
      /^addons: the stand-in provider does not know/,
    ],
    [
      "an option of another strategy",
      CONNECTION,
      { name: "a", strategy: "waad", options: { adfsServer: "x" } },
      /^options\.adfsServer: /,
    ],
    ["another strategy", CONNECTION, { name: "a", strategy: "samlp" }, /^strategy: must be one of waad/],
    ["a missing input", ACTION, { name: "a", code: "" }, /^supportedTriggers: is required and missing/],
    [
      "a missing nested input",
      ACTION,
      { ...action, secrets: [{ name: "x" }] },
      /^secrets\[0\]\.value: is required and missing/,
    ],
    [
      "a missing input in an object",
      CLIENT,
      { name: "a", refreshToken: { rotationType: "rotating" } },
      /^refreshToken\.expirationType: /,
    ],
    [
      "a number for a string",
      ACTION,
      { ...action, name: 1 },
      /^name: must be a string, but is a value of type number/,
    ],
    ["a string for a boolean", ACTION, { ...action, deploy: "yes" }, /^deploy: must be a boolean/],
    [
      "a fraction for a whole number",
      CLIENT,
      { name: "a", jwtConfiguration: { lifetimeInSeconds: 0.5 } },
      /^jwtConfiguration\.lifetimeInSeconds: must be a whole number/,
    ],
    ["a string for a list", CLIENT, { name: "a", callbacks: "x" }, /^callbacks: must be a list/],
    [
      "a number in a list of strings",
      CONNECTION_CLIENTS,
      { connectionId: "c", enabledClients: [1] },
      /^enabledClients\[0\]: must be a string/,
    ],
    [
      "a number in a map",
      CLIENT,
      { name: "a", clientMetadata: { k: 1 } },
      /^clientMetadata\[k\]: must be a string/,
    ],
    [
      "a list for an object",
      ACTION,
      { ...action, supportedTriggers: [] },
      /^supportedTriggers: must be an object, but is a list/,
    ],
    [
      "a value outside the choice",
      TRIGGER,
      { trigger: "after-login", actions: [] },
      /^trigger: must be one of post-login, /,
    ],
    [
      "an ill-typed secret, without its value",
      CREDENTIALS,
      { clientId: "x", clientSecret: secret(4711) },
      /^clientSecret: must be a string, but is a value of type number$/,
    ],
    [
      "text that is no JSON",
      CONNECTION,
      { name: "a", strategy: "waad", options: { upstreamParams: "{" } },
      /^options\.upstreamParams: must be the JSON text of an object/,
    ],
    [
      "no text at all for JSON",
      CONNECTION,
      { name: "a", strategy: "waad", options: { upstreamParams: "" } },
      /^options\.upstreamParams: must be the JSON text of an object/,
    ],
  ];

  for (const [title, token, given, reason] of errors) {
    it(`refuses ${title}, naming the property`, () => {
      const { failures } = checkInputs(resourceType(token), given);
      assert.equal(failures.length, 1, JSON.stringify(failures));
      assert.match(failures[0]?.reason ?? "", reason);
      assert.ok(failures[0]?.reason.startsWith(failures[0].property));
      assert.doesNotMatch(failures[0]?.reason ?? "", /4711/);
    });
  }

  it("tells all errors at once", () => {
    const { failures } = checkInputs(resourceType(ACTION), { code: 1, colour: "red", deploy: 0 });
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["code", "colour", "deploy", "name", "supportedTriggers"],
    );
  });

  it("drops nulls, as an input that is not given", () => {
    const { inputs, failures } = checkInputs(resourceType(CLIENT), { name: "a", logoUri: null });
    assert.deepEqual(failures, []);
    assert.ok(!("logoUri" in inputs));
  });

  it("takes what is not known yet for every type", () => {
    const { failures } = checkInputs(resourceType(CONNECTION), {
      name: UNKNOWN,
      strategy: "waad",
      showAsButton: UNKNOWN,
      options: { domainAliases: UNKNOWN, upstreamParams: UNKNOWN, clientSecret: secret(UNKNOWN) },
    });
    assert.deepEqual(failures, []);
  });

  it("fills in the description that the plugin has for a client without one, and says so", () => {
    const { inputs } = checkInputs(resourceType(CLIENT), { name: "a" });
    assert.deepEqual(inputs, { __defaults: ["description"], name: "a", description: "Managed by Pulumi" });
  });

  it("chooses a name where none is given, once for all times", () => {
    const type = resourceType(CLIENT);
    const first = checkInputs(type, {}, {}, "portal").inputs;
    assert.match(String(first["name"]), /^portal-[0-9a-f]{7}$/);
    assert.equal(checkInputs(type, {}, first, "portal").inputs["name"], first["name"]);
    assert.equal(checkInputs(type, { name: "own" }, first, "portal").inputs["name"], "own");
  });

  it("keeps the plugin's description as it was found, as the plugin does, and not one that the program gave", () => {
    const type = resourceType(CLIENT);
    const described = (olds: Props) => checkInputs(type, { name: "a" }, olds).inputs["description"];
    assert.equal(described({ name: "a", description: "found by a refresh" }), "found by a refresh");
    assert.equal(described({ __defaults: ["description"], name: "a", description: "chosen" }), "chosen");
    assert.equal(
      described({ __defaults: [], name: "a", description: "the program's own" }),
      "Managed by Pulumi",
    );
  });

  it("keeps an Action deployed where a refresh came between and the program says no more about it", () => {
    const type = resourceType(ACTION);
    const inputs = (olds: Props) => checkInputs(type, action, olds).inputs;
    assert.equal(inputs({ ...action, deploy: true })["deploy"], true);
    assert.equal(inputs({ __defaults: [], ...action, deploy: true })["deploy"], undefined);
    assert.ok(!("deploy" in inputs({})));
  });

  it("wraps sensitive values, and a set as a whole that has one", () => {
    const { inputs } = checkInputs(resourceType(ACTION), { ...action, secrets: [{ name: "A", value: "b" }] });
    assert.deepEqual(inputs["secrets"], secret([{ __defaults: [], name: "A", value: secret("b") }]));
  });

  it("knows only the types of this stack, and says what to use for others", () => {
    assert.throws(
      () => resourceType("auth0:index/role:Role"),
      /has no auth0:index\/role:Role.*pulumi plugin install/,
    );
  });
});
