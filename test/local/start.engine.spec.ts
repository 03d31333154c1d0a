import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readEnvironmentText } from "../../packages/local-tenant/src/lib/environment-file.ts";
import { requireCli } from "../support/engine.ts";
import { freePort } from "../../packages/local-tenant/test/support/free-port.ts";
import { npmStart } from "../support/npm-start.ts";
import { sampleCheckout } from "../support/sample.ts";
import { withTemporaryFolder } from "../../packages/local-tenant/test/support/temporary.ts";

/** What of the report these tests look at. */
interface Document {
  readonly engine: string;
  readonly plugin: string;
  readonly changes: Record<string, number>;
  readonly groups: string[];
  readonly groupsClaim: string;
  readonly claims: Record<string, unknown> & { iss: string };
}

/** What of the tenant's file these tests look at. */
interface Tenant {
  readonly settings: unknown;
  readonly tables: Readonly<Record<string, readonly unknown[]>> &
    Readonly<Record<"actions" | "actionVersions" | "clients", readonly unknown[]>>;
}

/** Runs `npm start -- --once --json` to its end; the stand-in, because the CLI's home is empty. */
async function start(folder: string, ...args: string[]) {
  const started = npmStart(folder, ["--once", "--json", ...args], { PULUMI_HOME: join(folder, "home") });
  try {
    const code = await started.ended;
    return { code, stderr: started.stderr(), stdout: started.stdout() };
  } finally {
    started.child.kill("SIGKILL");
  }
}

async function document(folder: string, ...args: string[]): Promise<Document> {
  const { code, stdout, stderr } = await start(folder, ...args);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Document;
}

async function complaint(folder: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await start(folder, ...args);
  assert.equal(code, 1, stderr);
  assert.equal(stdout, "");
  return /^Error: (.*)$/m.exec(stderr)?.[1] ?? stderr;
}

/** Runs `npm run pulumi -- ARGS`. */
function pulumi(folder: string, ...args: string[]) {
  const script = [join(sampleCheckout(), "local/launch/main.mjs"), "local/start/pulumi.ts"];
  return spawnSync(process.execPath, [...script, ...args, "--non-interactive", "--color=never"], {
    env: { ...process.env, WORKFORCE_SSO_LOCAL: folder, PULUMI_HOME: join(folder, "home") },
    encoding: "utf8",
    timeout: 120_000,
  });
}

describe("npm start with the engine", function () {
  this.timeout(240_000);

  let shared: string;
  let first: Document;

  // One deployed folder for all that leaves it as it was.
  before(async function () {
    await requireCli(this);
    shared = mkdtempSync(join(tmpdir(), "workforce-sso-"));
    sparePluginDownload(shared);
    first = await document(shared, `--port=${await freePort()}`);
    assert.deepEqual(first.changes, { create: 15 });
    assert.match(first.engine, /^pulumi 3\.\d+\.\d+$/);
    assert.deepEqual((first.claims[first.groupsClaim] as string[]).toSorted(), first.groups.toSorted());
  });
  after(() => {
    if (shared !== undefined) rmSync(shared, { recursive: true, force: true });
  });

  it("finds nothing to change the second time, and leaves no trace in the project's folder", async () => {
    const before = contents(sampleCheckout());
    const second = await document(shared);
    assert.deepEqual(second.changes, { same: 15 });
    assert.equal(second.claims.iss, first.claims.iss, "the port is not remembered");
    assert.equal(second.claims["aud"], first.claims["aud"]);
    assert.deepEqual(contents(sampleCheckout()), before);
  });

  it("redeploys with one source alone, which takes the machine client away, and back", async () => {
    const { changes } = await document(shared, "--source=event");
    assert.deepEqual(changes, { delete: 4, same: 10, update: 1 });
    assert.deepEqual((await document(shared)).changes, { create: 4, same: 10, update: 1 });
  });

  it("says that its port is taken, goes with all that it has to another one, and keeps to that", async () => {
    const environment = readEnvironmentText(readFileSync(join(shared, "environment"), "utf8"));
    const port = Number(environment.get("AUTH0_DOMAIN")?.split(":")[1]);
    const other = createServer().listen(port, "127.0.0.1");
    await once(other, "listening");
    try {
      assert.match(await complaint(shared), new RegExp(`Port ${port} is taken .*--port N`));
      const moved = await document(shared, `--port=${await freePort()}`);
      assert.deepEqual(Object.keys(moved.changes).toSorted(), ["same", "update"]);
      assert.equal(moved.claims["aud"], first.claims["aud"]);
      assert.notEqual(moved.claims.iss, first.claims.iss);
      const { tables, settings } = JSON.parse(readFileSync(join(shared, "tenant.json"), "utf8")) as Tenant;
      const { actions, actionVersions, clients, ...rest } = tables;
      assert.ok(actions.length > 0 && actionVersions.length > 0 && clients.length > 0);
      // Secrets and callbacks are the stack's own texts.
      assert.doesNotMatch(JSON.stringify([rest, settings]), /localhost:\d/);
      const again = await document(shared);
      assert.deepEqual(again.changes, { same: 15 });
      assert.equal(again.claims.iss, moved.claims.iss, "the port is not remembered");
      first = again;
    } finally {
      other.close();
    }
  });

  it("says what to do about a state that was edited by hand", async () => {
    const passphrase = join(shared, "pulumi", "passphrase");
    const kept = readFileSync(passphrase, "utf8");
    rmSync(passphrase);
    assert.match(await complaint(shared), /passphrase is gone.*--reset/);
    writeFileSync(passphrase, "another one");
    assert.match(await complaint(shared), /deployment failed: .*passphrase.*--reset/i);
    writeFileSync(passphrase, kept);
    const tenant = join(shared, "tenant.json");
    const state = readFileSync(tenant, "utf8");
    rmSync(tenant);
    assert.match(await complaint(shared), /tenant\.json is missing.*--reset/);
    writeFileSync(tenant, state.replaceAll('"waad"', '"samlp"'));
    assert.match(await complaint(shared), /could not sign in: .*--reset/);
    writeFileSync(tenant, state);
    assert.deepEqual((await document(shared)).changes, { same: 15 });
  });

  it("lets a person type any Pulumi command on its stack", async () => {
    const preview = pulumi(shared, "preview", "--expect-no-changes");
    assert.equal(preview.status, 0, preview.stdout + preview.stderr);
    assert.match(preview.stdout, /15 unchanged/);
    const exported = JSON.parse(pulumi(shared, "stack", "export").stdout) as {
      deployment: { resources: unknown[] };
    };
    assert.equal(exported.deployment.resources.length, 16);
    const destroyed = pulumi(shared, "destroy", "--yes", "--skip-preview");
    assert.equal(destroyed.status, 0, destroyed.stdout + destroyed.stderr);
    assert.deepEqual((await document(shared)).changes, { create: 15 });
  });

  it("has pulumi work in the project's folder of a shell that has sourced the environment", function () {
    if (process.platform === "win32") this.skip();
    const root = sampleCheckout();
    const before = contents(root);
    const script = '. "$1"; pulumi config get groupsClaim';
    const options = { cwd: root, encoding: "utf8", timeout: 120_000 } as const;
    const { stdout, stderr } = spawnSync(
      "/bin/sh",
      ["-euc", script, "sh", join(shared, "environment")],
      options,
    );
    assert.match(stdout, /^https:\/\//, stderr);
    assert.deepEqual(contents(root), before);
  });

  it("refuses a command whose effect the next one would undo, and changes nothing", () => {
    const file = join(shared, "pulumi", "Pulumi.local.yaml");
    const before = readFileSync(file, "utf8");
    const { status, stdout, stderr } = pulumi(shared, "config", "set", "groupsClaim", "https://x.example/y");
    assert.equal(status, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /^Error: Not done, nothing was changed: .*Pulumi\.dev\.yaml.*\n$/);
    assert.equal(readFileSync(file, "utf8"), before);
    assert.equal(pulumi(shared, "config", "get", "groupsClaim").status, 0);
  });

  it("says to make the stack first to who types a Pulumi command before that", async () => {
    await withTemporaryFolder((folder) => {
      const { status, stderr } = pulumi(folder, "preview");
      assert.equal(status, 1);
      assert.match(stderr, /^Error: There is no local stack yet.*npm start.*\n$/);
    });
  });

  it("stops at Ctrl-C in the middle of a deployment, and the next start carries on", async () => {
    await withTemporaryFolder(async (folder) => {
      sparePluginDownload(folder);
      const env = { PULUMI_HOME: join(folder, "home") };
      const started = npmStart(folder, ["--once", `--port=${await freePort()}`], env);
      try {
        await started.waitFor("creating");
        started.child.kill("SIGINT");
        assert.equal(await started.ended, 130, started.stderr());
        assert.match(
          started.stderr(),
          /\nStopped in the middle of the deployment: .*\. The next npm start continues from there\.\n$/,
        );
        assert.equal(existsSync(join(folder, "lock")), false);
      } finally {
        started.child.kill("SIGKILL");
      }
      const { changes } = await document(folder);
      assert.ok((changes["create"] ?? 0) + (changes["same"] ?? 0) === 15, JSON.stringify(changes));
    });
  });

  it("carries on after a kill in the middle of a deployment, or begins anew with --reset", async () => {
    await withTemporaryFolder(async (folder) => {
      sparePluginDownload(folder);
      const env = { PULUMI_HOME: join(folder, "home") };
      const started = npmStart(folder, ["--once", `--port=${await freePort()}`], env);
      await started.waitFor("Updating (local)");
      started.child.kill("SIGKILL");
      await started.ended;
      const { changes } = await document(folder);
      assert.ok((changes["create"] ?? 0) + (changes["same"] ?? 0) === 15, JSON.stringify(changes));
      assert.deepEqual((await document(folder, "--reset")).changes, { create: 15 });
    });
  });
});

/** A stack that has the stand-in does not look for the plugin in the network. */
function sparePluginDownload(folder: string): void {
  writeFileSync(join(folder, "about.json"), JSON.stringify({ version: 1, provider: "stand-in" }));
}

/** A digest of each file of the project's folder. */
function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).toSorted();
  return Object.fromEntries(
    paths.map((path) => [path, createHash("sha256").update(readFileSync(path)).digest("hex")]),
  );
}
