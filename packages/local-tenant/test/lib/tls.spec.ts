import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { caFile, createTls, loadTls } from "../../src/lib/tls.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const DAY = 86_400_000;

describe("loadTls", () => {
  it("makes a leaf only for the loopback names, signed by an authority that can sign nothing deeper", async () => {
    const { ca, cert } = await createTls();
    const authority = new X509Certificate(ca);
    const leaf = new X509Certificate(cert);
    assert.equal(leaf.verify(authority.publicKey), true);
    assert.equal(leaf.ca, false);
    assert.equal(leaf.subjectAltName, "DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1");
  });

  it("uses the same material at the next start", () =>
    withTemporaryFolder(async (folder) => {
      const first = await loadTls(folder);
      assert.deepEqual(await loadTls(folder), first);
      assert.equal(readFileSync(caFile(folder), "utf8"), first.ca);
      assert.equal(statSync(join(folder, "tls.json")).mode & 0o777, 0o600);
    }));

  it("makes new material when the old ends within a day or the clock stands before it", () =>
    withTemporaryFolder(async (folder) => {
      const now = Date.now();
      const first = await loadTls(folder, now);
      const later = await loadTls(folder, now + 396.5 * DAY);
      assert.notEqual(later.cert, first.cert);
      assert.notEqual((await loadTls(folder, now - 10 * DAY)).cert, later.cert);
    }));

  it("makes new material when the file is damaged", () =>
    withTemporaryFolder(async (folder) => {
      const first = await loadTls(folder);
      writeFileSync(join(folder, "tls.json"), "{");
      const second = await loadTls(folder);
      assert.notEqual(second.cert, first.cert);
      assert.equal(readFileSync(caFile(folder), "utf8"), second.ca);
    }));
});
