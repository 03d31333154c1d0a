import { webcrypto } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "./write-whole.ts";
import * as x509 from "./x509.ts";

/** PEM texts of the local certificate authority and of the certificate that the tenant serves. */
export interface TlsMaterial {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY = 86_400_000;
/** Clients refuse server certificates that live longer (CA/Browser Forum baseline requirements 6.3.2). */
const LEAF_DAYS = 397;
const CA_DAYS = 3650;

/**
 * Makes a certificate authority, and a leaf for `localhost`, `127.0.0.1` and `::1` that it signs. Then it
 * forgets the authority's key, so that nobody can ever sign a further certificate with what a user may come
 * to trust.
 */
export async function createTls(now = Date.now()): Promise<TlsMaterial> {
  const caKeys = await generateKeys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=workforce-sso local tenant CA",
    notBefore: new Date(now - DAY),
    notAfter: new Date(now + CA_DAYS * DAY),
    signingAlgorithm: ALGORITHM,
    keys: caKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  const leafKeys = await generateKeys();
  const leaf = await x509.X509CertificateGenerator.create({
    subject: "CN=localhost",
    issuer: ca.subject,
    notBefore: new Date(now - DAY),
    notAfter: new Date(now + LEAF_DAYS * DAY),
    signingAlgorithm: ALGORITHM,
    publicKey: leafKeys.publicKey,
    signingKey: caKeys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: "dns", value: "localhost" },
        { type: "ip", value: "127.0.0.1" },
        { type: "ip", value: "::1" },
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(ca.publicKey),
    ],
  });
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", leafKeys.privateKey);
  return {
    ca: ca.toString("pem"),
    cert: leaf.toString("pem"),
    key: x509.PemConverter.encode(pkcs8, "PRIVATE KEY"),
  };
}

/**
 * Reads the material of a folder, or makes it there (`ca.pem`, `tls.json` with mode 0600) when it is missing,
 * unreadable, or within a day of its end.
 */
export async function loadTls(directory: string, now = Date.now()): Promise<TlsMaterial> {
  const file = join(directory, "tls.json");
  const stored = existsSync(file) ? readMaterial(file) : undefined;
  const usable = stored !== undefined && isCurrent(stored, now);
  const material = usable ? stored : await createTls(now);
  if (!usable) writeWhole(file, JSON.stringify(material));
  if (!usable || !existsSync(caFile(directory))) writeWhole(caFile(directory), material.ca, 0o644);
  return material;
}

/** Path of the authority's certificate in the folder that `loadTls` was given. */
export function caFile(directory: string): string {
  return join(directory, "ca.pem");
}

function readMaterial(file: string): TlsMaterial | undefined {
  try {
    const material = JSON.parse(readFileSync(file, "utf8")) as Partial<TlsMaterial>;
    const { ca, cert, key } = material;
    if (typeof ca !== "string" || typeof cert !== "string" || typeof key !== "string") return undefined;
    return { ca, cert, key };
  } catch {
    return undefined;
  }
}

function isCurrent(material: TlsMaterial, now: number): boolean {
  try {
    const leaf = new x509.X509Certificate(material.cert);
    return leaf.notBefore.getTime() <= now && leaf.notAfter.getTime() > now + DAY;
  } catch {
    return false;
  }
}

function generateKeys(): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey({ name: ALGORITHM.name, namedCurve: ALGORITHM.namedCurve }, true, [
    "sign",
    "verify",
  ]);
}

type CryptoKeyPair = webcrypto.CryptoKeyPair;
