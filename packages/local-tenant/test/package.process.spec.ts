import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { withTemporaryFolder } from "./support/temporary.ts";

const run = promisify(execFile);
const PACKAGE = join(import.meta.dirname, "..");

const CHECK = `
import assert from "node:assert/strict";
const answer = await fetch(process.env.ISSUER + "oauth/token", {
  method: "POST",
  body: new URLSearchParams({
    grant_type: "client_credentials",
    audience: process.env.ISSUER + "api/v2/",
    client_id: process.env.AUTH0_CLIENT_ID,
    client_secret: process.env.AUTH0_CLIENT_SECRET,
  }),
});
assert.equal(answer.status, 200);
console.log("checked");
`;

const IMPORT = `
import { createTenant } from "@workforce-sso/local-tenant";
const tenant = await createTenant();
const { deployer, issuer } = tenant;
console.log(issuer.startsWith("https://localhost:"), deployer.clientId.length);
const fork = await tenant.fork();
fork.clock.advance("30d");
const days = Math.round((fork.clock.now() - tenant.clock.now()) / 86_400_000);
console.log((await fork.inject({ url: "/_local/health" })).json().status, days);
await tenant.close();
`;

const TYPES = `
import { createTenant } from "@workforce-sso/local-tenant";
import type { Claims, ForkOptions, InjectResponse, Snapshot, Tenant } from "@workforce-sso/local-tenant";
const tenant: Tenant = await createTenant({ plan: "free" });
const claims: Claims = (await tenant.signIn({ application: "a", employee: "b" })).claims;
// @ts-expect-error -- the port is a number
await createTenant({ port: "8443" });
console.log(claims.sub);
const fork: Tenant = await tenant.fork({ listen: true } satisfies ForkOptions);
const snapshot: Snapshot = fork.snapshot();
const { status, headers, json }: InjectResponse = await fork.inject({ url: "/", headers: { cookie: "a=b" } });
fork.clock.advance("30d");
fork.clock.advance(1000);
fork.reset(snapshot);
fork.reset();
const year: number = fork.clock.now().getFullYear() + snapshot.time.getFullYear();
console.log(status, headers["location"], json<{ issuer: string }>().issuer, year);
// @ts-expect-error -- a snapshot is what snapshot() gives
fork.reset({});
`;

const TSCONFIG = JSON.stringify({
  compilerOptions: {
    noEmit: true,
    strict: true,
    module: "nodenext",
    target: "es2023",
    lib: ["es2023", "dom", "esnext.disposable"],
    types: [],
    skipLibCheck: true,
  },
  files: ["types.ts"],
});

describe("the package", function () {
  this.timeout(180_000);

  it("is packed as JavaScript, and runs where nothing else of the repository is", async function () {
    await withTemporaryFolder(async (folder) => {
      await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: PACKAGE });
      const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
      writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
      try {
        const flags = ["--no-audit", "--no-fund", "--prefer-offline", "--omit=dev"];
        await run("npm", ["install", ...flags, `./${tarball}`], { cwd: folder });
      } catch (error) {
        if (!/ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|ENETUNREACH/.test(String(error))) throw error;
        console.log("    skipped: npm reaches no registry");
        return this.skip();
      }
      writeFileSync(join(folder, "check.mjs"), CHECK);
      writeFileSync(join(folder, "import.mjs"), IMPORT);
      writeFileSync(join(folder, "types.ts"), TYPES);
      const bin = join(folder, "node_modules", ".bin", "local-tenant");
      assert.match((await run(bin, ["exec", "node check.mjs"], { cwd: folder })).stdout, /checked/);
      assert.match((await run("node", ["import.mjs"], { cwd: folder })).stdout, /^true 32\nok 30$/m);
      const unknown = await run(bin, ["toString"], { cwd: folder }).catch((error: unknown) => error);
      assert.match(
        String((unknown as { stderr?: string }).stderr),
        /^There is no command "toString"; .*local-tenant --help\.\n$/,
      );
      const tsc = join(PACKAGE, "../../node_modules/typescript/bin/tsc");
      writeFileSync(join(folder, "tsconfig.json"), TSCONFIG);
      await run("node", [tsc], { cwd: folder });
    });
  });
});
