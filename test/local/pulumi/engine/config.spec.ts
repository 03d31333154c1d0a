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
});
