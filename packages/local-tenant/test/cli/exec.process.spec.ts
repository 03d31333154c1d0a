import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { startProxy } from "../../../../test/support/company-network.ts";
import { withTemporaryFolder } from "../support/temporary.ts";
import { runTool, startTool } from "./run.ts";

/** A shell command that runs JavaScript with this Node.js. Single quotes are kept out of the code. */
const node = (code: string) => `"${process.execPath}" -e '${code}'`;

describe("tenant exec", function () {
  this.timeout(60_000);

  it("gives the command a tenant to deploy to, whose certificate it trusts, and passes its exit code on", async () => {
    const code = `
      const { env } = process;
      const form = { grant_type: "client_credentials", client_id: env.AUTH0_CLIENT_ID, client_secret: env.AUTH0_CLIENT_SECRET,
        audience: env.ISSUER + "api/v2/" };
      (async () => {
        const token = await (await fetch("https://" + env.AUTH0_DOMAIN + "/oauth/token",
          { method: "POST", body: new URLSearchParams(form) })).json();
        const clients = await fetch(env.ISSUER + "api/v2/clients", { headers: { authorization: "Bearer " + token.access_token } });
        console.log(JSON.stringify({ status: clients.status, limit: clients.headers.get("x-ratelimit-limit"), scopes: token.scope.split(" ").length,
          ca: env.NODE_EXTRA_CA_CERTS, same: env.SSL_CERT_FILE === env.NODE_EXTRA_CA_CERTS
            && env.REQUESTS_CA_BUNDLE === env.NODE_EXTRA_CA_CERTS
            && env.CURL_CA_BUNDLE === env.NODE_EXTRA_CA_CERTS }));
        process.exit(7);
      })();`;
    const { code: exit, stdout, stderr } = await runTool("exec", node(code), "--plan", "free");
    assert.equal(exit, 7, stderr);
    const answer = JSON.parse(stdout) as {
      status: number;
      limit: string;
      scopes: number;
      ca: string;
      same: boolean;
    };
    assert.equal(answer.status, 200);
    assert.ok(Number(answer.limit) > 0, "the plan's rate limit does not apply");
    assert.equal(answer.same, true);
    assert.ok(answer.scopes > 10);
    assert.equal(existsSync(answer.ca), false, "the certificate authority's file stayed behind");
  });

  it("keeps the command from asking a company's proxy for the tenant", async function () {
    if (spawnSync("curl", ["--version"]).error !== undefined) this.skip();
    await using proxy = await startProxy({ status: 403 });
    const address = `http://127.0.0.1:${proxy.port}`;
    const variables = {
      HTTPS_PROXY: address,
      https_proxy: address,
      NO_PROXY: "intranet.example",
      no_proxy: "",
    };
    const command = 'echo "$NO_PROXY"; curl -sS --cacert "$SSL_CERT_FILE" "${ISSUER}.well-known/jwks.json"';
    const { code, stdout, stderr } = await startTool(["exec", command], undefined, variables).ended;
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^intranet\.example,localhost,127\.0\.0\.1,::1\n\{"keys":/);
    assert.deepEqual(proxy.asked, []);
  });

  it("follows the directory's file while the command runs", async () => {
    await withTemporaryFolder(async (folder) => {
      const file = join(folder, "directory.json");
      const employee = { id: "00000000-0000-4000-8000-000000000001", email: "a@xyz.example", name: "A" };
      const more = { givenName: "A", familyName: "B", department: "D", jobTitle: "J", groups: [] };
      const company = {
        company: "Before",
        domain: "xyz.example",
        groups: [],
        employees: [{ ...employee, ...more }],
      };
      writeFileSync(file, JSON.stringify(company));
      const code = `
        const { readFileSync, writeFileSync } = require("node:fs");
        const file = process.env.COMPANY_FILE;
        const name = async () => /tenant of (\\w+)/.exec(await (await fetch(process.env.ISSUER)).text())[1];
        (async () => {
          const first = await name();
          writeFileSync(file, readFileSync(file, "utf8").replace("Before", "Later"));
          const second = await name();
          writeFileSync(file, "{");
          console.log([first, second, await name()].join());
        })();`;
      const running = startTool(["exec", node(code), "--directory", file], undefined, { COMPANY_FILE: file });
      const { stdout, stderr } = await running.ended;
      assert.equal(stdout.trim(), "Before,Later,Later");
      assert.match(stderr, /^.*directory\.json:1:2 is not JSON.* goes on with what it has read before\.$/m);
    });
  });

  it("passes a signal on to all that the command has started", async () => {
    const code = `process.on("SIGTERM", () => { console.log("told"); process.exit(3); });
      setTimeout(() => process.exit(9), 30000); console.log("ready");`;
    const running = startTool(["exec", `echo begin; ${node(code)}; exit $?`]);
    await running.printed(/ready/);
    running.child.kill("SIGTERM");
    const { stdout } = await running.ended;
    assert.match(stdout, /told/);
  });

  it("runs the command where npm was called, which for other projects is their own folder", async () => {
    await withTemporaryFolder(async (folder) => {
      const caller = realpathSync(folder);
      const variables = { npm_lifecycle_event: "tenant", INIT_CWD: caller };
      const { stdout } = await startTool(["exec", "pwd"], undefined, variables).ended;
      assert.equal(stdout, `${caller}\n`);
    });
  });

  it("ends with 128 and the signal's number where a signal ended the command", async () => {
    assert.equal((await runTool("exec", "kill -9 $$")).code, 137);
  });

  it("logs each request as a line of JSON, applies the faults, and repeats itself with a seed", async () => {
    await withTemporaryFolder(async (folder) => {
      const log = join(folder, "requests.jsonl");
      const code = `fetch(process.env.ISSUER + ".well-known/jwks.json?state=s3cret").then((answer) =>
        console.log(answer.status, process.env.AUTH0_CLIENT_ID))`;
      const run = () =>
        runTool("exec", node(code), "--log", log, "--seed", "same", "--fault", "status=503:/.well-known/*");
      const [first, second] = await Promise.all([run(), run()]);
      assert.match(first.stdout, /^503 [A-Za-z0-9]{32}\n$/);
      assert.equal(second.stdout, first.stdout);
      const records = readFileSync(log, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as { method: string; path: string; status: number });
      assert.deepEqual(
        records.map(({ method, path, status }) => ({ method, path, status })),
        Array(2).fill({ method: "GET", path: "/.well-known/jwks.json?state=***", status: 503 }),
      );
    });
  });

  it("says in one line what is wrong with the command line, the directory, or the port", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    // SAFETY: a server that listens on a TCP port has an AddressInfo.
    const { port } = server.address() as AddressInfo;
    const cases: [string[], number, RegExp][] = [
      [["exce", "true"], 2, /^There is no command "exce".*\n$/],
      [["exec", "true", "--directory", "/no/such.json"], 1, /^The directory \/no\/such\.json .*\n$/],
      [
        ["exec", "true", "--directory", import.meta.filename],
        1,
        /^\S*exec\.process\.spec\.ts:1:1 is not JSON: expected a value\.\n$/,
      ],
      [
        ["reset", "--state", import.meta.filename],
        1,
        /exec\.process\.spec\.ts.* \(ENOTDIR: not a directory\)\..*\n$/,
      ],
      [["exec", "true", "--port", String(port)], 1, new RegExp(`^Port ${port} is taken.*\\n$`)],
      [["exec", "true", "--fault", "rain:/*"], 1, /^The fault "rain:\/\*" has the unknown kind rain.*\n$/],
      [
        ["exec", "true", "--log", "/no/such/log"],
        1,
        /^The request log \/no\/such\/log cannot be written.*\n$/,
      ],
    ];
    try {
      const runs = cases.map(async ([args, code, message]) => {
        const ended = await runTool(...args);
        assert.equal(ended.code, code, ended.stderr);
        assert.match(ended.stderr, message);
        assert.equal(ended.stdout, "");
      });
      await Promise.all(runs);
    } finally {
      server.close();
    }
  });
});
