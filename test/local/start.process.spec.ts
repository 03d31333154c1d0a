import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { groupsOf, loadDirectory } from "../../packages/local-tenant/src/index.ts";
import { freePort } from "../../packages/local-tenant/test/support/free-port.ts";
import { npmStart, startCommand } from "../support/npm-start.ts";
import type { Started } from "../support/npm-start.ts";
import { sampleDirectoryFile } from "../support/sample.ts";
import { withTemporaryFolder } from "../../packages/local-tenant/test/support/temporary.ts";

const directory = loadDirectory(sampleDirectoryFile);
const WITHOUT_ENGINE = ["--once", "--no-engine"];

/** Runs it to its end. */
async function ended(
  folder: string,
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
): Promise<Started & { code: number | null }> {
  const started = npmStart(folder, args, env);
  try {
    return { ...started, code: await started.ended };
  } finally {
    started.child.kill("SIGKILL");
  }
}

/** Runs something that must fail: one clear line and nothing else that a person has to read. */
async function failure(folder: string, args: readonly string[]): Promise<string> {
  const { code, stderr, stdout } = await ended(folder, args);
  assert.equal(code, 1, stderr());
  assert.equal(stdout(), "");
  const line = /^Error: (.*)$/m.exec(stderr())?.[1];
  assert.ok(line !== undefined, stderr());
  assert.doesNotMatch(stderr(), /^\s+at /m);
  return line;
}

describe("npm start", function () {
  this.timeout(120_000);

  it("signs an employee in and prints one JSON document whose groups are the directory's", async () => {
    await withTemporaryFolder(async (folder) => {
      const port = await freePort();
      const { code, stdout, stderr } = await ended(folder, [...WITHOUT_ENGINE, "--json", `--port=${port}`]);
      assert.equal(code, 0, stderr());
      const report = JSON.parse(stdout()) as Record<string, unknown>;
      const claims = report["claims"] as Record<string, unknown>;
      const ada = directory.employees.find(({ email }) => email === report["employee"]);
      assert.ok(ada !== undefined);
      const expected = groupsOf(directory, ada, { nested: false }).map(({ name }) => name);
      assert.deepEqual(report["groups"], expected);
      assert.deepEqual((claims[String(report["groupsClaim"])] as string[]).toSorted(), expected.toSorted());
      assert.equal(claims["iss"], `https://localhost:${port}/`);
      assert.deepEqual([report["engine"], report["plugin"]], ["none", "none"]);
      assert.equal((report["trace"] as { actions: unknown[] }).actions.length, 1);
      assert.match(
        readFileSync(String(report["environment"]), "utf8"),
        new RegExp(`AUTH0_DOMAIN='localhost:${port}'`),
      );
      assert.deepEqual(Object.keys(report), [
        "engine",
        "plugin",
        "changes",
        "employee",
        "application",
        "claims",
        "groupsClaim",
        "groups",
        "trace",
        "environment",
      ]);
    });
  });

  it("tells a person the same in plain text where there is no terminal", async () => {
    await withTemporaryFolder(async (folder) => {
      const { code, stdout, stderr } = await ended(folder, [...WITHOUT_ENGINE, `--port=${await freePort()}`]);
      assert.equal(code, 0, stderr());
      assert.match(stdout(), /Ada Lindqvist signed in/);
      assert.match(stdout(), /"Café Committee"/);
      assert.match(stdout(), /✓ 5 groups in the token; the directory has 5/);
      assert.match(stdout(), /Enrich JWT with Groups from AD: \d+ ms/);
      assert.doesNotMatch(`${stdout()}${stderr()}`, /\u001b\[/);
    });
  });

  it("asks the source that it is told alone", async () => {
    await withTemporaryFolder(async (folder) => {
      const args = [...WITHOUT_ENGINE, "--json", `--port=${await freePort()}`, "--source=management-api"];
      const { code, stdout, stderr } = await ended(folder, args);
      assert.equal(code, 0, stderr());
      const { trace, claims, groups, groupsClaim } = JSON.parse(stdout()) as {
        trace: { managementCalls: { method: string; path: string; status: number }[] };
        claims: Record<string, string[]> & { sub: string };
        groups: string[];
        groupsClaim: string;
      };
      assert.deepEqual(
        trace.managementCalls.map(({ method, path, status }) => `${method} ${path.split("?")[0]} ${status}`),
        ["POST /oauth/token 200", `GET /api/v2/users/${encodeURIComponent(claims.sub)} 200`],
      );
      assert.deepEqual(claims[groupsClaim]?.toSorted(), groups.toSorted());
    });
  });

  it("stays up until Ctrl-C, which is no failure and leaves nothing behind", async () => {
    await withTemporaryFolder(async (folder) => {
      const port = await freePort();
      const started = npmStart(folder, ["--no-engine", `--port=${port}`]);
      try {
        await started.waitFor("Ctrl-C to stop.");
        assert.match(
          await failure(folder, ["--once", "--no-engine"]),
          /is already running on .*, as process \d+/,
        );
        assert.match(await failure(folder, ["--reset"]), /is already running on /);
        assert.equal(existsSync(join(folder, "environment")), true, "--reset has removed something");
        started.child.kill("SIGINT");
        assert.equal(await started.ended, 0, started.stderr());
        assert.equal(existsSync(join(folder, "lock")), false);
      } finally {
        started.child.kill("SIGKILL");
      }
    });
  });

  it("lets curl and Node.js reach the tenant from a shell that has sourced the environment", async function () {
    const curl = spawnSync("curl", ["--version"]).status === 0;
    if (process.platform === "win32" || !curl) this.skip();
    await withTemporaryFolder(async (folder) => {
      const started = npmStart(folder, ["--no-engine", `--port=${await freePort()}`]);
      try {
        await started.waitFor("Ctrl-C to stop.");
        const fetching = `fetch(process.env.ISSUER + "_local/health").then((answer) => answer.text()).then(console.log)`;
        const script = `. "$1"; curl -fsS "\${ISSUER}_local/health"; echo; "$2" -e '${fetching}'`;
        const { stdout, stderr } = spawnSync(
          "/bin/sh",
          ["-euc", script, "sh", join(folder, "environment"), process.execPath],
          {
            encoding: "utf8",
            // What a company's laptop has; a proxy that is not there would be an error.
            env: {
              PATH: process.env["PATH"],
              CURL_CA_BUNDLE: "/dev/null",
              SSL_CERT_DIR: folder,
              HTTPS_PROXY: "http://127.0.0.1:1",
              https_proxy: "http://127.0.0.1:1",
            },
          },
        );
        assert.match(stdout, /^\{"status":"ok".*\}\n\{"status":"ok".*\}\n$/, stderr);
      } finally {
        started.child.kill("SIGKILL");
        await started.ended;
      }
    });
  });

  it("stops when npm, which has started it, is gone without a word", async function () {
    if (process.platform === "win32") this.skip();
    await withTemporaryFolder(async (folder) => {
      // As npm does it: a shell in between, to which npm's own signals go.
      const shell = spawn(
        "/bin/sh",
        ["-c", '"$@"; true', "sh", ...startCommand(), "--no-engine", `--port=${await freePort()}`],
        {
          env: { ...process.env, WORKFORCE_SSO_LOCAL: folder, npm_lifecycle_event: "start" },
          stdio: ["ignore", "pipe", "ignore"],
        },
      );
      let stdout = "";
      shell.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
      const ended = once(shell.stdout, "close");
      while (!stdout.includes("signed in")) await once(shell.stdout, "data");
      assert.equal(existsSync(join(folder, "lock")), true);
      shell.kill("SIGTERM");
      await ended;
      assert.equal(existsSync(join(folder, "lock")), false);
    });
  });

  for (const moment of ["Local tenant", "Deployment"]) {
    it(`stops at once at Ctrl-C while it says "${moment}"`, async () => {
      await withTemporaryFolder(async (folder) => {
        const started = npmStart(folder, [...WITHOUT_ENGINE, `--port=${await freePort()}`]);
        try {
          await started.waitFor(moment);
          started.child.kill("SIGINT");
          const code = await started.ended;
          // It may have been done before the signal arrived.
          assert.ok(code === 130 || code === 0, `${code}\n${started.stderr()}`);
          assert.doesNotMatch(started.stderr(), /^\s+at |bug of the project/m);
          assert.equal(existsSync(join(folder, "lock")), false);
        } finally {
          started.child.kill("SIGKILL");
        }
      });
    });
  }

  it("says that a port is taken, and the ways out", async () => {
    await withTemporaryFolder(async (folder) => {
      const other = createServer().listen(0, "127.0.0.1");
      await once(other, "listening");
      try {
        const { port } = other.address() as { port: number };
        assert.match(
          await failure(folder, [...WITHOUT_ENGINE, `--port=${port}`]),
          new RegExp(`Port ${port} is taken .*--port N`),
        );
      } finally {
        other.close();
      }
    });
  });

  it("suggests the employee that was meant", async () => {
    await withTemporaryFolder(async (folder) => {
      assert.match(
        await failure(folder, ["--employee=ada.lindqist@xyz.example"]),
        /XYZ has no employee .*Did you mean Ada Lindqvist \(ada\.lindqvist@xyz\.example\)\?/,
      );
      assert.equal(existsSync(join(folder, "about.json")), false);
    });
  });

  it("lists everybody for --employee without a name, and makes nothing", async () => {
    await withTemporaryFolder(async (folder) => {
      const { code, stdout, stderr } = await ended(join(folder, "not-there"), ["--employee"]);
      assert.equal(code, 0, stderr());
      assert.match(stdout(), /^Engineering \(\d+\)\n {2}Ada Lindqvist /m);
      assert.equal(existsSync(join(folder, "not-there")), false);
    });
  });

  it("prints every group of an employee of three hundred with --json", async () => {
    await withTemporaryFolder(async (folder) => {
      const args = [...WITHOUT_ENGINE, "--json", "--employee=grande", `--port=${await freePort()}`];
      const { code, stdout, stderr } = await ended(folder, args);
      assert.equal(code, 0, stderr());
      assert.equal((JSON.parse(stdout()) as { groups: string[] }).groups.length, 300);
    });
  });

  it("leaves a broken state as it is, and names the way out", async () => {
    await withTemporaryFolder(async (folder) => {
      writeFileSync(join(folder, "about.json"), '{"version":1}');
      writeFileSync(join(folder, "tenant.json"), '{"version":1,');
      assert.match(await failure(folder, ["--once"]), /tenant\.json is not JSON .*--reset/);
      assert.equal(readFileSync(join(folder, "tenant.json"), "utf8"), '{"version":1,');
    });
  });

  it("does not touch what is kept when it runs without an engine", async () => {
    await withTemporaryFolder(async (folder) => {
      writeFileSync(join(folder, "about.json"), '{"version":1}');
      writeFileSync(join(folder, "tenant.json"), "somebody's");
      const { code, stderr } = await ended(folder, [...WITHOUT_ENGINE, `--port=${await freePort()}`]);
      assert.equal(code, 0, stderr());
      assert.equal(readFileSync(join(folder, "tenant.json"), "utf8"), "somebody's");
    });
  });

  it("refuses a wrong flag before anything is made", async () => {
    await withTemporaryFolder(async (folder) => {
      assert.match(await failure(join(folder, "not-there"), ["--onec"]), /Did you mean --once\?/);
      assert.equal(existsSync(join(folder, "not-there")), false);
    });
  });
});
