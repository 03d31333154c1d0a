import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { refuseTracked } from "../../../review/directory/output.ts";
import { CHECKOUT } from "../../support/sample.ts";
import { withExport } from "./support.ts";

const PEOPLE = "email,groups\nada@xyz.example,SG-VPN\n";

describe("npm run directory, as a command", () => {
  it("ends with 0, 1 for wrong rows and 2 for what could not be made", async () => {
    await withExport({ good: PEOPLE, bad: "email,groups\nnobody,G\n" }, ({ folder, out }) => {
      const run = (...words: readonly string[]) => {
        const script = ["local/launch/main.mjs", "review/directory/main.ts", ...words];
        return spawnSync(process.execPath, script, {
          cwd: CHECKOUT,
          encoding: "utf8",
          // As npm does where it is called in another folder.
          env: { ...process.env, npm_lifecycle_event: "directory", INIT_CWD: folder },
        });
      };
      assert.deepEqual(
        [run("import", "good", "--out", "out/directory.json").status, existsSync(out)],
        [0, true],
      );
      const wrong = run("import", "bad", "--out", "out/directory.json");
      assert.deepEqual([wrong.status, wrong.stdout], [1, "bad: CSV, 1 row that is wrong\n"]);
      const tracked = run("import", "good", "--out", join(CHECKOUT, "README.md"));
      assert.equal(tracked.status, 2);
      assert.match(tracked.stderr, /^Error: .*README\.md is tracked by git/);
      const unknown = run("import", "good", "--outt", "x");
      assert.equal(unknown.status, 2);
      assert.match(unknown.stderr, /^Error: There is no flag --outt\. Did you mean --out\? [^\n]*\n$/);
      assert.equal(run("--help").status, 0);
    });
  }).timeout(60_000);
});

describe("the file that an import writes", () => {
  it("is refused where git has it or would take it", async () => {
    await withExport({ a: PEOPLE, "work.txt": "" }, ({ folder, path }) => {
      const git = (...words: readonly string[]) =>
        assert.equal(spawnSync("git", words, { cwd: folder }).status, 0);
      git("init", "-q");
      for (const name of ["tracked", "ignored"]) mkdirSync(path(name));
      spawnSync("cp", [path("a"), path("tracked/directory.json")]);
      git("add", "-f", "tracked/directory.json");
      spawnSync("sh", ["-c", "echo 'ignored/\ntracked/' > .gitignore"], { cwd: folder });
      const to = (name: string) => refuseTracked(path(name));
      assert.throws(() => to("tracked/directory.json"), {
        name: "UserError",
        message: /is tracked by git, and people's/,
      });
      assert.throws(() => to("new.json"), {
        name: "UserError",
        message: /is not ignored by git, and people's data/,
      });
      assert.throws(() => to("not/there/yet.json"), { message: /is not ignored by git/ });
      to("ignored/not/there/yet.json");
      // Whoever says where git's own files are, as a hook's environment does, does not change whose the file
      // is.
      process.env["GIT_DIR"] = join(CHECKOUT, "nowhere");
      try {
        assert.throws(() => to("new.json"), { message: /is not ignored by git/ });
      } finally {
        delete process.env["GIT_DIR"];
      }
    });
  });

  it("is looked for where it lies, behind a link", async () => {
    await withExport({ a: PEOPLE }, ({ path, folder }) => {
      mkdirSync(path("repository"));
      assert.equal(spawnSync("git", ["init", "-q"], { cwd: path("repository") }).status, 0);
      const outside = mkdtempSync(join(folder, "outside-"));
      symlinkSync(path("repository"), join(outside, "link"));
      assert.throws(() => refuseTracked(join(outside, "link", "new.json")), {
        message: /is not ignored by git/,
      });
      writeFileSync(path("repository/.gitignore"), "ignored.json\n");
      refuseTracked(join(outside, "link", "ignored.json"));
    });
  });

  it("is refused where its folder is a file", async () => {
    await withExport({ a: PEOPLE }, ({ path }) => {
      assert.throws(() => refuseTracked(path("a/directory.json")), {
        name: "UserError",
        message: `${path("a")} is not a folder, and the directory would be written into it. Move it away.`,
      });
    });
  });

  it("is by default one that git ignores", () => {
    const { status } = spawnSync("git", ["check-ignore", "-q", ".local/directory.json"], { cwd: CHECKOUT });
    assert.equal(status, 0);
  });
});
