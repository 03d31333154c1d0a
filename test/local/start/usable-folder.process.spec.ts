import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { usableFolder } from "../../../local/start/usable-folder.ts";
import { silent } from "../../../local/pulumi/cli/reporter.ts";
import { TYPESCRIPT } from "../../../local/pulumi/cli/typescript.ts";
import { CHECKOUT } from "../../support/sample.ts";
import { withTemporaryFolder } from "../../../packages/local-tenant/test/support/temporary.ts";

const NOBODY = 65_534;
const script = (folder: string, options: { engine: boolean; reset: boolean }) => `
  import { usableFolder } from ${JSON.stringify(pathToFileURL(join(CHECKOUT, "local/start/usable-folder.ts")).href)};
  try {
    const { folder, remove } = usableFolder(${JSON.stringify(folder)}, ${JSON.stringify(options)}, { say: console.log });
    console.log(folder.path);
    remove();
  } catch (error) {
    console.log(error.name + ": " + error.message);
  }`;

/** Opens a folder as a user who is not root, for whom no folder is closed. */
function open(folder: string, options: { engine: boolean; reset: boolean }): string {
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const args = [...TYPESCRIPT, "--input-type=module", "--eval", script(folder, options)];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: tmpdir(), ...user });
  assert.ok(stdout !== "", stderr);
  return stdout.trim();
}

describe("a folder that this user may not write to", () => {
  before(function () {
    if (process.platform === "win32") this.skip();
  });

  const withClosed = (body: (folder: string) => void) =>
    withTemporaryFolder((parent) => {
      chmodSync(parent, 0o755);
      const folder = join(parent, ".local");
      mkdirSync(folder, { mode: 0o555 });
      body(folder);
    });
  const MEND = process.getuid?.() === 0 ? /Type: sudo chown -R \w+ "/ : /Type: chmod -R u\+rwX "/;

  it("is refused with whose it is, and the command that gives it back", async () => {
    await withClosed((folder) => {
      const said = open(folder, { engine: true, reset: false });
      assert.match(
        said,
        /^UserError: .*\/\.local cannot be written to: .*\/\.local belongs to .*Nothing was changed\./,
      );
      assert.match(said, MEND);
      assert.match(said, /or start without a folder: npm start -- --no-engine$/);
      assert.match(open(folder, { engine: false, reset: true }), /^UserError: .*"$/);
    });
  });

  it("is refused where a part of it is another's, as after a start by root", async function () {
    if (process.getuid?.() !== 0) this.skip();
    await withTemporaryFolder((folder) => {
      chmodSync(folder, 0o777);
      mkdirSync(join(folder, "tls"), { mode: 0o755 });
      assert.match(
        open(folder, { engine: true, reset: false }),
        /\/tls belongs to root, and this is nobody\..*sudo chown -R nobody "[^"]*workforce-sso-\w+"/,
      );
    });
  });

  it("never has a folder above it given away", async () => {
    await withClosed((folder) => {
      const said = open(join(folder, "deep", ".local"), { engine: true, reset: false });
      if (process.getuid?.() === 0)
        assert.match(
          said,
          /sudo mkdir -p "[^"]*\/deep\/\.local" && sudo chown -R \w+ "[^"]*\/deep\/\.local"/,
        );
      assert.match(said, /belongs to/);
    });
  });

  it("is no obstacle without an engine: a temporary one is named, and gone at the end", async () => {
    await withClosed((folder) => {
      const [said = "", used = ""] = open(folder, { engine: false, reset: false }).split("\n");
      assert.match(said, /belongs to .*The certificate and the environment file are in .* until the end\.$/);
      assert.ok(said.includes(used));
      assert.equal(existsSync(used), false);
      assert.deepEqual(readdirSync(folder), []);
    });
  });

  it("may be no folder at all", async () => {
    await withTemporaryFolder((folder) => {
      writeFileSync(join(folder, "file"), "");
      assert.throws(
        () => usableFolder(join(folder, "file", ".local"), { engine: true, reset: false }, silent),
        /cannot be made, because a file is in the place of a folder/,
      );
    });
  });
});
