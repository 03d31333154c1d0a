import assert from "node:assert/strict";
import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:tls";
import { createCertificate, fromPem, pkcs7Of, toPem } from "../../src/lib/certificate.ts";
import { createTls } from "../../src/lib/tls.ts";

const DATES = { notBefore: new Date("2026-02-03T04:05:06Z"), notAfter: new Date("2049-12-31T23:59:59Z") };

describe("createCertificate", () => {
  for (const [type, keys] of [
    ["RSA", generateKeyPairSync("rsa", { modulusLength: 2048 })],
    ["elliptic curve", generateKeyPairSync("ec", { namedCurve: "P-256" })],
  ] as const) {
    it(`is signed with its own ${type} key and says whom it is for, and from when to when`, () => {
      const { publicKey, privateKey: signingKey } = keys;
      const read = new X509Certificate(
        createCertificate({ subject: "localhost", ...DATES, publicKey, signingKey }),
      );
      assert.equal(read.verify(publicKey), true);
      assert.equal(read.publicKey.equals(publicKey), true);
      assert.deepEqual([read.subject, read.issuer], ["CN=localhost", "CN=localhost"]);
      assert.equal(Date.parse(read.validFrom), DATES.notBefore.getTime());
      assert.equal(Date.parse(read.validTo), DATES.notAfter.getTime());
    });
  }

  it("can end after 2049, whose years are written in another form", () => {
    const { publicKey, privateKey: signingKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const notAfter = new Date("2050-01-01T00:00:00Z");
    const made = createCertificate({ subject: "x", ...DATES, notAfter, publicKey, signingKey });
    assert.equal(Date.parse(new X509Certificate(made).validTo), notAfter.getTime());
  });

  it("refuses a key that it has no signature for", () => {
    const { publicKey, privateKey: signingKey } = generateKeyPairSync("ed25519");
    assert.throws(() => createCertificate({ subject: "x", ...DATES, publicKey, signingKey }), /ed25519/);
  });

  it("is for servers alone where it is the tenant's, and its authority signs nothing else", async () => {
    const { ca, cert } = await createTls();
    const [authority, leaf] = [new X509Certificate(ca), new X509Certificate(cert)];
    assert.equal(authority.ca, true);
    assert.deepEqual(leaf.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
    assert.equal(leaf.checkIssued(authority), true, "the key identifiers fit");
    assert.notEqual(authority.serialNumber, leaf.serialNumber);
    // All critical: basic constraints with no further authority below, keyCertSign and cRLSign, and
    // digitalSignature.
    assert.ok(authority.raw.includes(Buffer.from("0603551d130101ff040830060101ff020100", "hex")));
    assert.ok(authority.raw.includes(Buffer.from("0603551d0f0101ff040403020106", "hex")));
    assert.ok(leaf.raw.includes(Buffer.from("0603551d0f0101ff040403020780", "hex")));
  });
});

describe("the tenant's certificate", () => {
  it("is accepted in a TLS connection to its names, and to no other", async () => {
    const { ca, cert, key } = await createTls();
    const server = createServer({ cert, key }, (socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    // SAFETY: a server that listens on a TCP port has an AddressInfo.
    const { port } = server.address() as AddressInfo;
    const names = async (host: string) => {
      const socket = connect({ port, host: "127.0.0.1", servername: host, ca });
      await once(socket, "secureConnect");
      socket.destroy();
    };
    try {
      await names("localhost");
      await assert.rejects(names("tenant.example"), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    } finally {
      server.close();
    }
    const leaf = new X509Certificate(cert);
    for (const address of ["127.0.0.1", "::1"]) assert.equal(leaf.checkIP(address), address);
    assert.equal(leaf.checkIP("127.0.0.2"), undefined);
  });
});

describe("pkcs7Of", () => {
  it("is signed data of RFC 2315 without a signer, which holds the certificate", async () => {
    const certificate = fromPem((await createTls()).cert);
    const message = pkcs7Of(certificate);
    assert.equal(message.readUInt16BE(2), message.length - 4, "one element, with the length that it says");
    assert.ok(message.includes(Buffer.from("06092a864886f70d010702a0", "hex")));
    assert.ok(message.includes(certificate));
    assert.equal(message.subarray(-2).toString("hex"), "3100", "an empty set of signers");
  });
});

describe("toPem", () => {
  it("is what fromPem reads, in lines of 64 characters", () => {
    const bytes = Buffer.from(Array.from({ length: 100 }, (_, index) => index));
    const text = toPem("CERTIFICATE", bytes);
    assert.deepEqual(
      text.split("\n").map(({ length }) => length),
      [27, 64, 64, 8, 25],
    );
    assert.deepEqual(fromPem(text), bytes);
  });
});
