import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { localConfig } from "../../../../local/pulumi/engine/config.ts";
import { UserError } from "../../../../packages/local-tenant/src/lib/errors.ts";

function complaintOf(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    assert.ok(error instanceof UserError);
    return error.message;
  }
  throw new Error("Nothing was wrong.");
}

describe("the local stack's configuration", () => {
  let root: string;

  const call = (name: string) => writeFileSync(join(root, "Pulumi.yaml"), stringify({ name }));

  before(() => (root = mkdtempSync(join(tmpdir(), "config-"))));
  beforeEach(() => call("workforce-sso"));
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

  it("takes the values of a project that a company has renamed, and of another stack's file", () => {
    call("acme-sso");
    const config = { "acme-sso:groupsClaim": "https://acme.example/groups", "aws:region": "eu-west-1" };
    writeFileSync(join(root, "Pulumi.prod.yaml"), stringify({ config }));
    const values = localConfig(root, { domain: "localhost:1", file: "Pulumi.prod.yaml" });
    assert.equal(values["workforce-sso:groupsClaim"], "https://acme.example/groups");
    assert.equal(values["acme-sso:groupsClaim"], undefined);
  });

  it("refuses a key that a renaming has left behind, with the command that mends it", () => {
    call("acme-sso");
    const config = { "acme-sso:groupsClaim": "https://acme.example/groups", "workforce-sso:groupPolicy": {} };
    const file = join(root, "Pulumi.dev.yaml");
    writeFileSync(file, stringify({ config }));
    const complaint = complaintOf(() => localConfig(root, { domain: "localhost:1" }));
    assert.match(
      complaint,
      /has workforce-sso:groupPolicy, which is not read, because .* acme-sso\. Type: sed/,
    );
    if (process.platform === "win32") return;
    execFileSync("sh", ["-c", complaint.split("Type: ")[1] ?? ""], { cwd: root });
    assert.deepEqual(localConfig(root, { domain: "localhost:1" })["workforce-sso:groupPolicy"], {});
  });

  it("lets the console try every application, and hides no error of an application's addresses", () => {
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
