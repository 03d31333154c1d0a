import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { localConfig } from "../../../../local/pulumi/engine/config.ts";

describe("the local stack's configuration", () => {
  let root: string;

  before(() => (root = mkdtempSync(join(tmpdir(), "config-"))));
  after(() => rmSync(root, { recursive: true }));

  it("takes the example stack's values, and nothing that belongs to its real tenant", () => {
    const secure = "v1:abc:def";
    const config = {
      "auth0:domain": "xyz.eu.auth0.com",
      "auth0:clientId": "theirs",
      "auth0:clientSecret": { secure },
      "workforce-sso:azureClientSecret": { secure },
      "workforce-sso:groupsClaim": "https://xyz.example/claims/groups",
      "workforce-sso:groupPolicy": { stripPrefix: "App-" },
    };
    writeFileSync(join(root, "Pulumi.dev.yaml"), stringify({ config, encryptionsalt: "v1:salt" }));
    assert.deepEqual(localConfig(root, { domain: "localhost:1" }), {
      "auth0:domain": "localhost:1",
      "workforce-sso:applications": undefined,
      "workforce-sso:groupsClaim": "https://xyz.example/claims/groups",
      "workforce-sso:groupPolicy": { stripPrefix: "App-" },
    });
  });

  it("lets the console try every application, and hides no fault of an application's addresses", () => {
    const applications = [
      { name: "a", callbacks: ["https://a.example/cb"], logoutUrls: [] },
      { name: "b", callbacks: ["https://b.example/cb"], logoutUrls: ["https://b.example/"] },
      { name: "empty", callbacks: [], logoutUrls: "https://c.example/" },
      { name: "missing" },
      "not an application",
    ];
    const config = { "workforce-sso:applications": applications };
    writeFileSync(join(root, "Pulumi.dev.yaml"), stringify({ config }));
    const local = "https://localhost:1/_local/";
    assert.deepEqual(localConfig(root, { domain: "localhost:1" })["workforce-sso:applications"], [
      { name: "a", callbacks: ["https://a.example/cb", `${local}callback`], logoutUrls: [local] },
      {
        name: "b",
        callbacks: ["https://b.example/cb", `${local}callback`],
        logoutUrls: ["https://b.example/", local],
      },
      ...applications.slice(2),
    ]);
  });
});
