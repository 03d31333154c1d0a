import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readEnvironment, writeEnvironment } from "../../../local/start/environment.ts";
import { StateFolder } from "../../../packages/local-tenant/src/index.ts";
import { withTemporaryFolder } from "../../../packages/local-tenant/test/support/temporary.ts";

const NAMES = [
  "AUTH0_DOMAIN",
  "AUTH0_CLIENT_ID",
  "AUTH0_CLIENT_SECRET",
  "ISSUER",
  "SSL_CERT_FILE",
  "NODE_EXTRA_CA_CERTS",
  "REQUESTS_CA_BUNDLE",
  "CURL_CA_BUNDLE",
  "PULUMI_BACKEND_URL",
  "PULUMI_CONFIG_PASSPHRASE_FILE",
  "PULUMI_STACK",
];

function write(folder: StateFolder): void {
  mkdirSync(folder.path, { recursive: true });
  const deployer = { clientId: "client", clientSecret: "top-secret" };
  writeEnvironment(folder, { domain: "localhost:9000", issuer: "https://localhost:9000/", deployer });
}

describe("writeEnvironment", () => {
  it("gives a shell that sources it all that other programs need, also from an awkward folder", async function () {
    if (process.platform === "win32") this.skip();
    await withTemporaryFolder((path) => {
      const folder = new StateFolder(join(path, "it's a $HOME of `mine`"));
      write(folder);
      const script = `. "$1"; for name in ${NAMES.join(" ")}; do eval "echo \\"$name=\\$$name\\""; done; env | grep -c "^ISSUER="`;
      const printed = execFileSync("/bin/sh", ["-c", script, "sh", folder.environmentFile], {
        encoding: "utf8",
      });
      const ca = join(folder.tlsFolder, "ca.pem");
      assert.deepEqual(printed.trim().split("\n"), [
        "AUTH0_DOMAIN=localhost:9000",
        "AUTH0_CLIENT_ID=client",
        "AUTH0_CLIENT_SECRET=top-secret",
        "ISSUER=https://localhost:9000/",
        `SSL_CERT_FILE=${ca}`,
        `NODE_EXTRA_CA_CERTS=${ca}`,
        `REQUESTS_CA_BUNDLE=${ca}`,
        `CURL_CA_BUNDLE=${ca}`,
        `PULUMI_BACKEND_URL=${new URL(`file://${encodeURI(join(folder.pulumiFolder, "state"))}`).href}`,
        `PULUMI_CONFIG_PASSPHRASE_FILE=${join(folder.pulumiFolder, "passphrase")}`,
        "PULUMI_STACK=local",
        "1",
      ]);
    });
  });

  it("leaves nothing between a program and the tenant: no authorities of the person's, no proxy", async function () {
    if (process.platform === "win32") this.skip();
    await withTemporaryFolder((path) => {
      const folder = new StateFolder(path);
      write(folder);
      const script = `. "$1"; . "$1"; echo "\${SSL_CERT_DIR-none} $CURL_CA_BUNDLE"; env | grep -i ^no_proxy= | sort`;
      const printed = (env: NodeJS.ProcessEnv) =>
        execFileSync("/bin/sh", ["-euc", script, "sh", folder.environmentFile], { encoding: "utf8", env })
          .trim()
          .split("\n");
      const own = {
        SSL_CERT_DIR: "/etc/ssl/certs",
        CURL_CA_BUNDLE: "/etc/ssl/own.pem",
        PATH: process.env["PATH"],
      };
      const loopback = "localhost,127.0.0.1,::1";
      const first = `none ${join(folder.tlsFolder, "ca.pem")}`;
      assert.deepEqual(printed(own), [first, `NO_PROXY=${loopback}`, `no_proxy=${loopback}`]);
      assert.deepEqual(printed({ ...own, NO_PROXY: "a.example" }).slice(1), [
        `NO_PROXY=a.example,${loopback}`,
        `no_proxy=a.example,${loopback}`,
      ]);
    });
  });

  it("makes pulumi the command that works on the local stack, with the arguments as they were typed", async function () {
    if (process.platform === "win32") this.skip();
    await withTemporaryFolder((path) => {
      const folder = new StateFolder(join(path, "it's mine"));
      write(folder);
      const npm = join(path, "npm");
      writeFileSync(npm, '#!/bin/sh\nprintf "%s\\n" "$WORKFORCE_SSO_LOCAL" "\${SSL_CERT_FILE-none}" "$@"\n', {
        mode: 0o755,
      });
      const script = `. "$1"; pulumi stack output "two words" '$HOME'; echo "$SSL_CERT_FILE"`;
      const printed = execFileSync("/bin/sh", ["-euc", script, "sh", folder.environmentFile], {
        encoding: "utf8",
        env: { PATH: `${path}:${process.env["PATH"]}` },
      });
      const [local, authorities, ...args] = printed.trim().split("\n");
      assert.deepEqual([local, authorities], [folder.path, "none"]);
      assert.deepEqual(args.slice(0, 2), ["--silent", "--prefix"]);
      assert.deepEqual(args.slice(3), [
        "run",
        "pulumi",
        "--",
        "stack",
        "output",
        "two words",
        "$HOME",
        join(folder.tlsFolder, "ca.pem"),
      ]);
    });
  });

  it("keeps the deployer's secret from everyone else", async function () {
    if (process.platform === "win32") this.skip();
    await withTemporaryFolder((path) => {
      const folder = new StateFolder(path);
      write(folder);
      assert.equal(statSync(folder.environmentFile).mode & 0o777, 0o600);
    });
  });

  it("is read back by the commands that join a running tenant", async () => {
    await withTemporaryFolder((path) => {
      const folder = new StateFolder(path);
      assert.throws(() => readEnvironment(folder), /has no AUTH0_DOMAIN/);
      write(folder);
      const deployer = { clientId: "client", clientSecret: "top-secret" };
      assert.deepEqual(readEnvironment(folder), { domain: "localhost:9000", ...deployer });
    });
  });
});
