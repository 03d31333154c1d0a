import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { refusedCommand } from "../../../local/start/refused-commands.ts";
import { withTemporaryFolder } from "../../../packages/local-tenant/test/support/temporary.ts";

const ROOT = "/home/me/sso";

/** What is said to `npm run pulumi -- LINE` where there is no pulumi on PATH, or in `folder` if given. */
function refusal(line: string | readonly string[], folder?: string): string | undefined {
  const args = typeof line === "string" ? line.split(" ") : line;
  const said = refusedCommand(args, { root: ROOT, project: "sso", env: { PATH: folder ?? "" } });
  assert.equal(said?.includes("\n") ?? false, false);
  return said;
}

/** A folder for PATH that has a `pulumi`. */
async function withPulumi(body: (folder: string) => void): Promise<void> {
  await withTemporaryFolder((folder) => {
    const file = join(folder, process.platform === "win32" ? "pulumi.exe" : "pulumi");
    writeFileSync(file, "");
    chmodSync(file, 0o755);
    body(folder);
  });
}

describe("a command whose effect the next one would undo", () => {
  it("is refused with the file, and the line to write where there is no pulumi on PATH", () => {
    assert.equal(
      refusal("config set groupsClaim https://acme.example/groups"),
      "Not done, nothing was changed: the local stack's configuration is rebuilt from /home/me/sso/Pulumi.dev.yaml by each " +
        "command, and the next one would undo this. Write under config: of that file: sso:groupsClaim: https://acme.example/groups",
    );
    assert.match(refusal("--color never config set protect true") ?? "", /: sso:protect: true$/);
    assert.match(refusal(["config", "set", "customDomain", "a: b"]) ?? "", /: sso:customDomain: "a: b"$/);
    assert.match(refusal("config set auth0:domain acme.eu.auth0.com") ?? "", /: auth0:domain: acme\.eu/);
    assert.match(
      refusal("config set --path tokens[0] id") ?? "",
      /Set sso:tokens\[0\] to id in that file\.$/,
    );
    assert.match(refusal("config rm protect") ?? "", /Take sso:protect out of that file\.$/);
    assert.match(refusal("config refresh") ?? "", /Edit that file\.$/);
  });

  it("is refused with the same words for the file's stack where pulumi is on PATH", async () => {
    await withPulumi((folder) => {
      const same = (line: string | string[]) =>
        / Type in \/home\/me\/sso: (.*)$/.exec(refusal(line, folder) ?? "")?.[1];
      assert.equal(same("config set groupsClaim a"), "pulumi config set --stack dev groupsClaim a");
      assert.equal(
        same("config set -s local --path tokens[0] id"),
        "pulumi config set --stack dev --path 'tokens[0]' id",
      );
      assert.equal(same("config rm protect --stack=local"), "pulumi config rm --stack dev protect");
      assert.equal(same("config cp --dest prod"), "pulumi config cp --stack dev --dest prod");
      assert.equal(same(["config", "set", "a", "it's"]), "pulumi config set --stack dev a 'it'\\''s'");
    });
  });

  it("never repeats the value of a secret", async () => {
    await withPulumi((folder) => {
      const lines = [
        "config set --secret azureClientSecret hunter2",
        "config set azureClientSecret hunter2",
        "config set azureClientSecret-acme hunter2 --secret",
        "config set auth0:clientSecret hunter2",
        "config set --path --secret a.b hunter2",
        "config set-all --plaintext a=b --secret c=hunter2 --secret=d=hunter2 --plaintext azureClientSecret=hunter2",
        "config set-all --json {hunter2}",
        "config set-all --json={hunter2}",
      ];
      for (const line of lines) {
        for (const path of [folder, undefined]) {
          const said = refusal(line, path);
          assert.ok(said !== undefined, line);
          assert.equal(said.includes("hunter2"), false, said);
        }
      }
      assert.match(
        refusal(lines[5] ?? "", folder) ?? "",
        /set-all --stack dev --plaintext a=b --secret c=VALUE --secret=d=VALUE --plaintext azureClientSecret=VALUE$/,
      );
      assert.match(
        refusal(lines[0] ?? "") ?? "",
        /: pulumi config set --stack dev --secret azureClientSecret$/,
      );
    });
  });

  for (const line of ["up --config a=b", "preview -c a=b", "up -ca=b", "up --yes --config=a=b"]) {
    it(`is refused: ${line}`, () => {
      assert.match(
        refusal(line) ?? "",
        /Leave (--config|-c) out, and write its value into Pulumi\.dev\.yaml first\.$/,
      );
    });
  }

  for (const line of [
    "new",
    "login",
    "logout",
    "install",
    "package add terraform-provider x",
    "stack init dev",
  ]) {
    it(`is refused: ${line}`, () => {
      assert.match(refusal(line) ?? "", /^Not done, nothing was changed\. /);
    });
  }

  for (const line of [
    "",
    "config",
    "config get protect",
    "config set --help",
    "config env ls",
    "up --yes",
    "preview --diff --config-file x",
    "stack",
    "stack ls",
    "stack output --json",
    "state delete urn",
    "whoami",
    "package get-schema auth0",
    "--stack config up",
  ]) {
    it(`is not: ${line}`, () => {
      assert.equal(refusal(line), undefined);
    });
  }
});
