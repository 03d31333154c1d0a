import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installPackages } from "../../src/actions/install.ts";
import type { CompanyServer } from "../../../../test/support/company-network.ts";
import { startCompanyServer, startProxy } from "../../../../test/support/company-network.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const HOST = "registry.company.example";
const TOKEN = "company-token-0123456789";
const PARCEL = [{ name: "@company/parcel", version: "1.0.0" }];

/** A registry with one package, for who has the token. */
function startRegistry(folder: string): Promise<CompanyServer> {
  const place = join(folder, "package");
  mkdirSync(place);
  writeFileSync(join(place, "package.json"), JSON.stringify({ name: "@company/parcel", version: "1.0.0" }));
  const tarball = execFileSync("tar", ["-czf", "-", "-C", folder, "package"]);
  return startCompanyServer(HOST, (request, response) => {
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return void response.writeHead(401).end("{}");
    if (request.url?.endsWith(".tgz") === true) return void response.end(tarball);
    const dist = { tarball: `https://${HOST}/parcel.tgz` };
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({
        name: "@company/parcel",
        "dist-tags": { latest: "1.0.0" },
        versions: { "1.0.0": { name: "@company/parcel", version: "1.0.0", dist } },
      }),
    );
  });
}

/** A project whose .npmrc leads to the registry; what else it says is `lines`. */
function project(folder: string, lines: readonly string[], token = "${COMPANY_TOKEN}"): string {
  const place = join(folder, "project");
  mkdirSync(place);
  const settings = [
    `@company:registry=https://${HOST}/`,
    `//${HOST}/:_authToken=${token}`,
    "fetch-retries=0",
    ...lines,
  ];
  writeFileSync(join(place, ".npmrc"), `${settings.join("\n")}\n`);
  return place;
}

/** Runs `body` with variables of this process, and without those that would lead npm elsewhere. */
async function withVariables(
  variables: Readonly<Record<string, string>>,
  body: () => Promise<void>,
): Promise<void> {
  const saved = { ...process.env };
  for (const name of Object.keys(process.env)) {
    if (/^npm_config_|proxy$|^NODE_EXTRA_CA_CERTS$/i.test(name)) delete process.env[name];
  }
  // Neither the machine's nor the user's settings, and nothing but the company's registry.
  const none = { npm_config_globalconfig: "/nowhere/global", npm_config_userconfig: "/nowhere/user" };
  Object.assign(process.env, none, { npm_config_registry: "http://127.0.0.1:9/" }, variables);
  try {
    await body();
  } finally {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, saved);
  }
}

describe("packages of a company's own registry", function () {
  before(function () {
    if (process.platform === "win32") this.skip();
  });

  it("are installed with the registry, token and authority of the project's .npmrc, through the proxy", async () => {
    await withTemporaryFolder(async (folder) => {
      await using registry = await startRegistry(folder);
      await using proxy = await startProxy({ port: registry.port });
      const place = project(folder, ["cafile=./company.pem"]);
      writeFileSync(join(place, "company.pem"), registry.authority);
      const cache = join(folder, "cache");
      const variables = {
        COMPANY_TOKEN: TOKEN,
        ALL_PROXY: `http://ann:p%40ss@127.0.0.1:${proxy.port}`,
        npm_config_cache: join(folder, "npm"),
      };
      await withVariables(variables, async () => {
        const installed = await installPackages(cache, PARCEL, place);
        const manifest = readFileSync(join(installed, "node_modules", "@company", "parcel", "package.json"));
        assert.match(manifest.toString(), /1\.0\.0/);
        assert.ok(!readdirSync(installed).includes(".npmrc"), "the project's settings stay where they are");
      });
      assert.deepEqual(new Set(proxy.asked.map(({ host }) => host)), new Set([`${HOST}:443`]));
      assert.ok(proxy.asked.every(({ credentials }) => credentials === "ann:p@ss"));
    });
  });

  it("are installed where NODE_EXTRA_CA_CERTS names the authority, and not where nothing does", async () => {
    await withTemporaryFolder(async (folder) => {
      await using registry = await startRegistry(folder);
      await using proxy = await startProxy({ port: registry.port });
      const place = project(folder, []);
      const authority = join(folder, "company.pem");
      writeFileSync(authority, registry.authority);
      const variables = {
        COMPANY_TOKEN: TOKEN,
        https_proxy: `http://127.0.0.1:${proxy.port}`,
        npm_config_cache: join(folder, "npm"),
      };
      const install = () => installPackages(join(folder, "cache"), PARCEL, place);
      await withVariables(variables, () => assert.rejects(install(), /certificate/));
      await withVariables({ ...variables, NODE_EXTRA_CA_CERTS: authority }, async () => {
        assert.deepEqual(readdirSync(join(await install(), "node_modules")), [
          ".package-lock.json",
          "@company",
        ]);
      });
    });
  });

  it("fail with a reason that holds neither the token nor the proxy's password, and names a proxy that refuses", async () => {
    await withTemporaryFolder(async (folder) => {
      await using registry = await startRegistry(folder);
      await using proxy = await startProxy({ port: registry.port });
      await using closed = await startProxy({ status: 403 });
      const place = project(folder, ["strict-ssl=false"], `${TOKEN}-of-somebody-else`);
      const install = () => installPackages(join(folder, "cache"), PARCEL, place);
      const failure = async (port: number) => {
        let message = "";
        const variables = {
          HTTPS_PROXY: `http://ann:s3kret-word@127.0.0.1:${port}`,
          npm_config_cache: join(folder, "npm"),
          npm_config_registry: `https://${HOST}/`,
        };
        await withVariables(variables, async () => {
          message = await install().then(
            () => "it was installed",
            (error: Error) => error.message,
          );
        });
        assert.ok(!message.includes(TOKEN) && !message.includes("s3kret"), message);
        return message;
      };
      assert.match(await failure(proxy.port), /E401/);
      const refused = await failure(closed.port);
      assert.ok(
        refused.endsWith(`through the proxy http://127.0.0.1:${closed.port} of HTTPS_PROXY`),
        refused,
      );
      assert.deepEqual(readdirSync(join(folder, "cache")), []);
    });
  });
});
