import { generateKeyPair, X509Certificate } from "node:crypto";
import type { KeyPairKeyObjectResult } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { authorityExtensions, createCertificate, serverExtensions, toPem } from "./certificate.ts";
import { writeWhole } from "./write-whole.ts";

/** PEM texts of the local certificate authority and of the certificate that the tenant serves. */
export interface TlsMaterial {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const AUTHORITY = "workforce-sso local tenant CA";
/** The names and addresses of this machine alone: `localhost`, 127.0.0.1 and ::1. */
const HOSTS = ["localhost", Buffer.from([127, 0, 0, 1]), Buffer.from("1".padStart(32, "0"), "hex")];
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
  const [authority, server] = await Promise.all([generateKeys(), generateKeys()]);
  const notBefore = new Date(now - DAY);
  const ca = createCertificate({
    subject: AUTHORITY,
    notBefore,
    notAfter: new Date(now + CA_DAYS * DAY),
    publicKey: authority.publicKey,
    signingKey: authority.privateKey,
    extensions: authorityExtensions(authority.publicKey),
  });
  const leaf = createCertificate({
    subject: "localhost",
    issuer: AUTHORITY,
    notBefore,
    notAfter: new Date(now + LEAF_DAYS * DAY),
    publicKey: server.publicKey,
    signingKey: authority.privateKey,
    extensions: serverExtensions(HOSTS, authority.publicKey),
  });
  return {
    ca: toPem("CERTIFICATE", ca),
    cert: toPem("CERTIFICATE", leaf),
    key: toPem("PRIVATE KEY", server.privateKey.export({ type: "pkcs8", format: "der" })),
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
    const leaf = new X509Certificate(material.cert);
    return Date.parse(leaf.validFrom) <= now && Date.parse(leaf.validTo) > now + DAY;
  } catch {
    return false;
  }
}

function generateKeys(): Promise<KeyPairKeyObjectResult> {
  return promisify(generateKeyPair)("ec", { namedCurve: "P-256" });
}
