import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parsePreflightArguments } from "../../local/preflight/arguments.ts";
import { caFile } from "../../packages/local-tenant/src/lib/tls.ts";
import { appendAction, makeClient } from "../../packages/local-tenant/test/support/by-hand.ts";
import { withCompany } from "../support/company.ts";
import { startTestTenant } from "../../packages/local-tenant/test/support/tenant.ts";
import type { TestTenant } from "../../packages/local-tenant/test/support/tenant.ts";

describe("npm run preflight", function () {
  this.timeout(60_000);

  it("finds nothing on an empty tenant, then names whom the stack would hit, by the exit code", async () => {
    await withTenant(async (test, root, env) => {
      const empty = await preflight(root, [], env);
      assert.equal(empty.code, 0, empty.stderr);
      assert.match(
        empty.stdout,
        /^The preflight found nothing on localhost:\d+ that the stack dev would take from others\.\n$/,
      );
      await appendAction(test, "Risk check");
      await makeClient(test, "admin-portal");
      const found = await preflight(root, ["--stack", "dev"], env);
      assert.equal(found.code, 1, found.stderr);
      assert.match(found.stdout, /^The preflight found 2 things on localhost:\d+:/);
      assert.match(found.stdout, /login-flow-bindings would unbind "Risk check"/);
      assert.match(found.stdout, /the tenant already has a client of the name "admin-portal"/);
      assert.match(
        found.stdout,
        /Pulumi\.dev\.yaml under config:\n {2}workforce-sso:postLoginBefore:\n {4}- actionId/,
      );
      assert.match(
        found.stderr,
        /state of the stack dev could not be read .* includes what this stack has made/,
      );
      const text = found.stdout + found.stderr;
      assert.ok(!text.includes(test.tenant.context.store.deployer.clientSecret));
    });
  });

  it("says with code 2 what keeps it from asking", async () => {
    await withTenant(async (_test, root, env) => {
      const without = await preflight(root, [], { ...env, AUTH0_CLIENT_SECRET: "" });
      assert.deepEqual([without.code, without.stdout], [2, ""]);
      assert.match(
        without.stderr,
        /cannot be asked: it needs auth0:clientId and auth0:clientSecret, or AUTH0_CLIENT_ID/,
      );
      const gone = await preflight(root, [], { ...env, AUTH0_DOMAIN: "localhost:1" });
      assert.equal(gone.code, 2);
      assert.match(gone.stderr, /Not asked: localhost:1 gave no token: ECONNREFUSED/);
      const nowhere = await preflight(root, [], { ...env, AUTH0_DOMAIN: "" });
      assert.equal(nowhere.code, 2);
      assert.match(nowhere.stderr, /auth0:domain is missing/);
      const other = await preflight(root, ["--stack=nope"], env);
      assert.deepEqual([other.code, other.stdout], [2, ""]);
      assert.match(other.stderr, /^Error: Pulumi\.nope\.yaml cannot be read: .*--stack\.\n$/);
    });
  });

  it("reads its command line, and says in one line what does not fit", () => {
    assert.deepEqual(parsePreflightArguments([]), { stack: "dev", help: false });
    assert.deepEqual(parsePreflightArguments(["--stack", "prod"]), { stack: "prod", help: false });
    assert.deepEqual(parsePreflightArguments(["--stack=prod", "--help"]), { stack: "prod", help: true });
    assert.throws(
      () => parsePreflightArguments(["--stak"]),
      /There is no flag --stak\. Did you mean --stack\?/,
    );
    assert.throws(() => parsePreflightArguments(["--stack"]), /--stack needs the name of a stack/);
    assert.throws(() => parsePreflightArguments(["prod"]), /There is no flag prod\./);
  });
});

async function withTenant(
  use: (test: TestTenant, root: string, env: NodeJS.ProcessEnv) => Promise<void>,
): Promise<void> {
  await withCompany(async ({ root }) => {
    const tls = join(root, "tls");
    const test = await startTestTenant();
    mkdirSync(tls);
    writeFileSync(caFile(tls), test.tenant.ca);
    const { domain, store } = test.tenant.context;
    try {
      await use(test, root, {
        AUTH0_DOMAIN: domain,
        AUTH0_CLIENT_ID: store.deployer.clientId,
        AUTH0_CLIENT_SECRET: store.deployer.clientSecret,
        SSL_CERT_FILE: caFile(tls),
        // A backend without the stack, wherever the person's own is.
        PULUMI_BACKEND_URL: pathToFileURL(tls).href,
        PULUMI_HOME: join(root, "home"),
      });
    } finally {
      await test.close();
    }
  });
}

async function preflight(
  root: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ["local/launch/main.mjs", "local/preflight/main.ts", ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (part: string) => (text[name] += part));
  }
  const [code] = (await once(child, "close")) as [number];
  return { code, ...text };
}
