import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { getCli } from "../../../../local/pulumi/cli/ladder.ts";
import type { LadderOptions } from "../../../../local/pulumi/cli/supplier.ts";
import { proxiedFetch } from "../../../../local/pulumi/cli/proxied-fetch.ts";
import { CLI_VERSION } from "../../../../local/pulumi/cli/version.ts";
import type { LoggingProxy } from "../../../support/company-network.ts";
import { startCompanyServer, startProxy } from "../../../support/company-network.ts";
import { fakeGo, fakePulumi, writeProgram } from "../../../support/fake-programs.ts";
import { withTemporaryFolder } from "../../../../packages/local-tenant/test/support/temporary.ts";

const HOST = "get.pulumi.com";

interface Machine extends LadderOptions {
  readonly said: string[];
}

/**
 * A machine whose only way out is its proxy: a direct download fails. It has a Go, so that the ladder has a
 * further rung.
 */
function machine(folder: string, variables: NodeJS.ProcessEnv): Machine {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const preload = join(folder, "internet.mjs");
  writeFileSync(preload, `globalThis.fetch = () => Promise.reject(new TypeError("fetch failed"));\n`);
  writeProgram(join(folder, "bin", "go"), fakeGo(join(folder, "go.log"), CLI_VERSION, 10));
  return {
    said,
    env: {
      PATH: join(folder, "bin"),
      HOME: join(folder, "home"),
      XDG_CACHE_HOME: join(folder, "cache"),
      TMPDIR: mkdirOf(folder, "tmp"),
      NODE_OPTIONS: `--import=${pathToFileURL(preload).href}`,
      ...variables,
    },
    reporter: { say, progress: () => ({ update: () => undefined, done: () => undefined }) },
  };
}

function mkdirOf(folder: string, name: string): string {
  mkdirSync(join(folder, name));
  return join(folder, name);
}

/** An install.sh that leaves a CLI, and writes down what it finds in its environment. */
function installScript(folder: string): string {
  const cli = `#!${process.execPath}\n${fakePulumi(CLI_VERSION)}`;
  return `
    printf '%s\\n' "$https_proxy" "$HTTPS_PROXY" "$no_proxy" > '${folder}/seen.txt'
    if [ -n "$CURL_CA_BUNDLE" ]; then /bin/cat "$CURL_CA_BUNDLE" > '${folder}/curl.pem'; fi
    if [ -n "$SSL_CERT_FILE" ]; then /bin/cat "$SSL_CERT_FILE" > '${folder}/go.pem'; fi
    /bin/mkdir -p "$3/bin"; printf '%s' '${cli}' > "$3/bin/pulumi"; /bin/chmod 755 "$3/bin/pulumi"`;
}

const address = (proxy: LoggingProxy, user = "") => `http://${user}127.0.0.1:${proxy.port}`;

describe("the CLI's download behind a company's proxy", function () {
  before(function () {
    // The fakes are scripts with a #! line.
    if (process.platform === "win32") this.skip();
  });

  it("goes through the proxy, trusts the company's authority, and hands both on to the installer's script", async () => {
    await withTemporaryFolder(async (folder) => {
      await using server = await startCompanyServer(HOST, (request, response) =>
        request.url === "/install.sh" ? response.end(installScript(folder)) : response.writeHead(404).end(),
      );
      await using proxy = await startProxy({ port: server.port });
      const authority = join(folder, "company.pem");
      writeFileSync(authority, server.authority);
      const here = machine(folder, {
        HTTPS_PROXY: address(proxy, "ann:p%40ss@"),
        NO_PROXY: "intranet.example",
        NODE_EXTRA_CA_CERTS: authority,
      });
      const cli = await getCli(here);
      assert.equal(cli.from, "installed", here.said.join("\n"));
      assert.deepEqual(proxy.asked, [{ host: `${HOST}:443`, credentials: "ann:p@ss" }]);
      const given = address(proxy, "ann:p%40ss@");
      const seen = readFileSync(join(folder, "seen.txt"), "utf8").trim().split("\n");
      assert.deepEqual(seen, [given, given, "intranet.example"]);
      for (const name of ["curl.pem", "go.pem"]) {
        const bundle = readFileSync(join(folder, name), "utf8");
        assert.ok(bundle.includes(server.authority.trim()), `${name} lacks the company's authority`);
        assert.ok(bundle.split("BEGIN CERTIFICATE").length > 20, `${name} lacks the public authorities`);
      }
      assert.deepEqual(
        readdirSync(join(folder, "tmp")).filter((name) => name.startsWith("workforce-sso")),
        [],
      );
    });
  });

  it("takes a proxy and an authority that only npm was told of", async () => {
    await withTemporaryFolder(async (folder) => {
      await using server = await startCompanyServer(HOST, (_request, response) =>
        response.end(installScript(folder)),
      );
      await using proxy = await startProxy({ port: server.port });
      writeFileSync(join(folder, "company.pem"), server.authority);
      const here = machine(folder, {
        npm_config_https_proxy: address(proxy),
        npm_config_cafile: join(folder, "company.pem"),
        npm_config_noproxy: "",
      });
      assert.equal((await getCli(here)).from, "installed", here.said.join("\n"));
    });
  });

  it("does not ask the proxy where NO_PROXY excepts the host", async () => {
    await withTemporaryFolder(async (folder) => {
      await using proxy = await startProxy({ status: 403 });
      const here = machine(folder, { https_proxy: address(proxy), NO_PROXY: "localhost, .pulumi.com" });
      assert.equal((await getCli(here)).from, "built");
      assert.deepEqual(proxy.asked, []);
      assert.ok(here.said.some((line) => /installer failed .*fetch failed\)/.test(line)));
      assert.ok(!here.said.some((line) => line.includes("proxy")), here.said.join("\n"));
    });
  });

  it("names a proxy that refuses, without its password, and goes on to the next way", async () => {
    await withTemporaryFolder(async (folder) => {
      await using proxy = await startProxy({ status: 407 });
      const here = machine(folder, { HTTPS_PROXY: address(proxy, "ann:s3kret-word@") });
      assert.equal((await getCli(here)).from, "built");
      const line = here.said.find((text) => text.startsWith("Pulumi's installer failed")) ?? "";
      assert.equal(
        line,
        `Pulumi's installer failed (Failed to download https://get.pulumi.com/install.sh: the proxy answered 407, through the proxy http://127.0.0.1:${proxy.port} of HTTPS_PROXY).`,
      );
      assert.ok(!/ann|s3kret/.test(here.said.join("\n")));
    });
  });

  it("says that nothing listens where the proxy should be, or that the variable holds no address", async () => {
    await withTemporaryFolder(async (folder) => {
      const gone = await startProxy("silence");
      await gone[Symbol.asyncDispose]();
      const here = machine(folder, { ALL_PROXY: address(gone) });
      await getCli(here);
      assert.match(
        here.said.join("\n"),
        /ECONNREFUSED 127.*, through the proxy http:\/\/127.* of ALL_PROXY\)/,
      );
    });
    for (const [value, complaint] of [
      ["http://ann:s3kret-word@:::", /HTTPS_PROXY does not hold the address of a proxy/],
      ["socks5://ann:s3kret-word@127.0.0.1:9", /a proxy of the kind socks5:\/\/ cannot be used/],
    ] as const) {
      await withTemporaryFolder(async (folder) => {
        const here = machine(folder, { HTTPS_PROXY: value });
        await getCli(here);
        assert.match(here.said.join("\n"), complaint);
        assert.ok(!here.said.join("\n").includes("s3kret"));
      });
    }
  });

  it("gives curl's own words where the script could not download, without a password in them", async () => {
    await withTemporaryFolder(async (folder) => {
      await using server = await startCompanyServer(HOST, (_request, response) =>
        response.end(
          `echo "curl: (5) Could not resolve proxy of http://ann:s3kret-word@proxy.example" >&2; echo "We're sorry" >&2; exit 1`,
        ),
      );
      await using proxy = await startProxy({ port: server.port });
      writeFileSync(join(folder, "company.pem"), server.authority);
      const here = machine(folder, {
        HTTPS_PROXY: address(proxy, "ann:s3kret-word@"),
        NODE_EXTRA_CA_CERTS: join(folder, "company.pem"),
      });
      await getCli(here);
      assert.match(
        here.said.join("\n"),
        /\(curl: \(5\) Could not resolve proxy of http:\/\/proxy\.example, through/,
      );
      assert.ok(!here.said.join("\n").includes("s3kret"));
      assert.ok(existsSync(join(folder, "go.log")));
    });
  });
});

describe("proxiedFetch", () => {
  const direct = () => Promise.reject(new TypeError("asked directly"));

  it("gives up when the proxy takes the connection and never answers", async () => {
    await using proxy = await startProxy("silence");
    const fetchIt = proxiedFetch({ HTTPS_PROXY: address(proxy) }, direct, 200);
    await assert.rejects(fetchIt(`https://${HOST}/`), { message: "there was no answer within 0.2 s" });
    assert.equal(proxy.asked.length, 1);
  });

  it("gives up when a network without a proxy swallows what is sent", async () => {
    const fetchIt = proxiedFetch({}, () => new Promise(() => undefined), 50);
    await assert.rejects(fetchIt(`https://${HOST}/`), { message: "there was no answer within 0.05 s" });
  });

  it("does not trust an authority that nobody named", async () => {
    await using server = await startCompanyServer(HOST, (_request, response) => response.end("no"));
    await using proxy = await startProxy({ port: server.port });
    const fetchIt = proxiedFetch({ HTTPS_PROXY: address(proxy) }, direct);
    await assert.rejects(fetchIt(`https://${HOST}/`), /certificate/);
  });
});
