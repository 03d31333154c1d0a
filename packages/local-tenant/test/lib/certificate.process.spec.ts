import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromPem, pkcs7Of, toPem } from "../../src/lib/certificate.ts";
import { createTls } from "../../src/lib/tls.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

describe("the tenant's certificates", () => {
  it("pass OpenSSL's strict checks, as those of a server under its name", function () {
    if (spawnSync("openssl", ["version"]).status !== 0) return this.skip();
    return withTemporaryFolder(async (folder) => {
      const { ca, cert } = await createTls();
      const file = (name: string, text: string) => {
        writeFileSync(join(folder, name), text);
        return join(folder, name);
      };
      const authority = file("ca.pem", ca);
      const leaf = file("leaf.pem", cert);
      const verify = ["verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", authority];
      const { stdout, stderr } = spawnSync("openssl", [...verify, "-verify_hostname", "localhost", leaf], {
        encoding: "utf8",
      });
      assert.deepEqual([stdout, stderr], [`${leaf}: OK\n`, ""]);
      const message = file("message.p7b", toPem("PKCS7", pkcs7Of(fromPem(cert))));
      const printed = spawnSync("openssl", ["pkcs7", "-in", message, "-print_certs"], { encoding: "utf8" });
      assert.ok(printed.stdout.replaceAll("\r", "").includes(cert), printed.stderr);
    });
  });
});
