import { createHash, randomBytes, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import * as der from "./der.ts";

// The few kinds of certificates that a tenant needs are written here (RFC 5280), because the libraries that
// can write any take a third of a tenant's start to load.

/** What a certificate says, and who signs it. */
export interface CertificateRequest {
  /** The common name of the subject. */
  readonly subject: string;
  /** The common name of the issuer; by default the subject itself. */
  readonly issuer?: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: KeyObject;
  /** The issuer's private key: RSA, or an elliptic curve. */
  readonly signingKey: KeyObject;
  readonly extensions?: readonly Buffer[];
}

const SIGNATURES: Readonly<Record<string, () => Buffer>> = {
  rsa: () => der.sequence(der.objectId("1.2.840.113549.1.1.11"), der.nothing()),
  ec: () => der.sequence(der.objectId("1.2.840.10045.4.3.2")),
};

/** The DER bytes of a certificate that is signed with SHA-256. */
export function createCertificate(request: CertificateRequest): Buffer {
  const { subject, issuer = subject, notBefore, notAfter, publicKey, signingKey, extensions = [] } = request;
  const algorithm = SIGNATURES[signingKey.asymmetricKeyType ?? ""]?.();
  if (algorithm === undefined) throw new Error(`A ${signingKey.asymmetricKeyType} key signs no certificate.`);
  const toSign = der.sequence(
    der.tagged(0, der.integer(Buffer.from([2]))),
    der.integer(randomBytes(16)),
    algorithm,
    commonName(issuer),
    der.sequence(der.time(notBefore), der.time(notAfter)),
    commonName(subject),
    publicKey.export({ type: "spki", format: "der" }),
    ...(extensions.length === 0 ? [] : [der.tagged(3, der.sequence(...extensions))]),
  );
  return der.sequence(toSign, algorithm, der.bits(sign("sha256", toSign, signingKey)));
}

/** The extensions of an authority that signs certificates of servers, and no further authorities. */
export function authorityExtensions(publicKey: KeyObject): Buffer[] {
  return [
    extension("2.5.29.19", der.sequence(der.boolean(true), der.integer(Buffer.from([0]))), "critical"),
    // keyCertSign and cRLSign, bits 5 and 6.
    extension("2.5.29.15", der.bits(Buffer.from([0b0000_0110]), 1), "critical"),
    extension("2.5.29.14", der.octets(keyIdentifier(publicKey))),
  ];
}

/** The extensions of a server's certificate. A host is a name, or the bytes of an IP address. */
export function serverExtensions(hosts: readonly (string | Buffer)[], authority: KeyObject): Buffer[] {
  return [
    extension("2.5.29.19", der.sequence(), "critical"),
    // digitalSignature, bit 0.
    extension("2.5.29.15", der.bits(Buffer.from([0b1000_0000]), 7), "critical"),
    extension("2.5.29.37", der.sequence(der.objectId("1.3.6.1.5.5.7.3.1"))),
    extension("2.5.29.17", der.sequence(...hosts.map(alternativeName))),
    extension("2.5.29.35", der.sequence(der.implicit(0, keyIdentifier(authority)))),
  ];
}

/** A PKCS #7 message with nothing but a certificate in it (RFC 2315, section 9.1). */
export function pkcs7Of(certificate: Buffer): Buffer {
  const data = der.sequence(der.objectId("1.2.840.113549.1.7.1"));
  const signed = der.sequence(
    der.integer(Buffer.from([1])),
    der.set(),
    data,
    der.tagged(0, certificate),
    der.set(),
  );
  return der.sequence(der.objectId("1.2.840.113549.1.7.2"), der.tagged(0, signed));
}

/** PEM text with this label around the bytes. */
export function toPem(label: string, bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join("\n");
}

/** The bytes of the first block of a PEM text. */
export function fromPem(pem: string): Buffer {
  return Buffer.from(/-----BEGIN [^-]+-----([^-]*)/.exec(pem)?.[1] ?? "", "base64");
}

function commonName(name: string): Buffer {
  return der.sequence(der.set(der.sequence(der.objectId("2.5.4.3"), der.utf8(name))));
}

function extension(id: string, value: Buffer, critical?: "critical"): Buffer {
  const flag = critical === undefined ? [] : [der.boolean(true)];
  return der.sequence(der.objectId(id), ...flag, der.octets(value));
}

/** It only has to be another one for another key (RFC 5280 section 4.2.1.2). */
function keyIdentifier(publicKey: KeyObject): Buffer {
  return createHash("sha1")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest();
}

function alternativeName(host: string | Buffer): Buffer {
  return typeof host === "string" ? der.implicit(2, Buffer.from(host)) : der.implicit(7, host);
}
