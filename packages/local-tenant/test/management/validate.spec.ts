import assert from "node:assert/strict";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("Request bodies", () => {
  const test = perSuite(() => startTestTenant());

  const NAME = { name: "App" };
  const cases: [what: string, path: string, body: unknown, message: string][] = [
    [
      "an unknown key",
      "/clients",
      { ...NAME, colour: "red" },
      "'Additional properties not allowed: colour'.",
    ],
    ["a missing key", "/clients", {}, "'Missing required property: name'."],
    ["no body at all", "/clients", undefined, "'Missing required property: name'."],
    [
      "a wrong type",
      "/clients",
      { name: 5 },
      "'Expected type string but found type integer' on property name.",
    ],
    [
      "an empty name",
      "/clients",
      { name: "" },
      "'String is too short (0 chars), minimum 1' on property name.",
    ],
    [
      "markup in a name",
      "/clients",
      { name: "<b>" },
      "'String does not match pattern ^[^<>]+$: <b>' on property name.",
    ],
    [
      "an unknown value",
      "/clients",
      { ...NAME, app_type: "web" },
      "'No enum match for: \"web\"' on property app_type.",
    ],
    [
      "a key too many inside",
      "/clients",
      { ...NAME, jwt_configuration: { algorithm: "RS256" } },
      "'Additional properties not allowed: algorithm' on property jwt_configuration.",
    ],
    [
      "an eleventh metadata key",
      "/clients",
      {
        ...NAME,
        client_metadata: Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`k${index}`, "v"])),
      },
      "'Too many properties defined (11), maximum 10' on property client_metadata.",
    ],
    [
      "a number too large",
      "/clients",
      { ...NAME, jwt_configuration: { lifetime_in_seconds: 2_592_001 } },
      "'Value 2592001 is greater than maximum 2592000' on property jwt_configuration.lifetime_in_seconds.",
    ],
    [
      "an eleventh dependency",
      "/actions/actions",
      {
        name: "a",
        supported_triggers: [{ id: "post-login", version: "v3" }],
        dependencies: Array.from({ length: 11 }, () => ({ name: "x", version: "1.0.0" })),
      },
      "'Array is too long (11), maximum 10' on property dependencies.",
    ],
    [
      "what is no email address",
      "/users",
      { connection: "Username-Password-Authentication", email: "nobody" },
      "'Object didn't pass validation for format email: nobody' on property email.",
    ],
    [
      "a prototype",
      "/clients",
      JSON.parse('{"name":"x","constructor":{}}'),
      "'Additional properties not allowed: constructor'.",
    ],
  ];
  for (const [what, path, body, message] of cases) {
    it(`are refused with ${what}, in Auth0's words`, async () => {
      const answer = await test.api("POST", path, body);
      assert.deepEqual(answer.body, {
        statusCode: 400,
        error: "Bad Request",
        message: `Payload validation error: ${message}`,
        errorCode: "invalid_body",
      });
    });
  }

  it("are refused where they are not JSON, before anything is changed", async () => {
    const { app, context } = test.tenant;
    const count = context.store.tables.clients.size;
    const token = await context.keys.sign({
      iss: context.issuer,
      aud: context.managementAudience,
      exp: Math.floor(Date.now() / 1000) + 60,
      scope: "create:clients",
    });
    const response = await app.inject({
      method: "POST",
      url: "/api/v2/clients",
      headers: { host: context.domain, authorization: `Bearer ${token}`, "content-type": "application/json" },
      payload: "{not json",
    });
    assert.equal(response.statusCode, 400);
    assert.equal(context.store.tables.clients.size, count);
  });
});
