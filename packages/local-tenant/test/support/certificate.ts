import { KeyObject, webcrypto } from "node:crypto";
import { createCertificate, toPem } from "../../src/lib/certificate.ts";

/** A self-signed certificate as PEM, with the private key that belongs to it. */
export interface TestCertificate {
  readonly pem: string;
  readonly privateKey: webcrypto.CryptoKey;
  readonly notAfter: Date;
}

/** Makes a certificate of an RSA key. `subject` is its common name. */
export async function makeCertificate(subject: string, notAfter: Date): Promise<TestCertificate> {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = createCertificate({
    subject,
    notBefore: new Date(notAfter.getTime() - 365 * 86_400_000),
    notAfter,
    publicKey: KeyObject.from(keys.publicKey),
    signingKey: KeyObject.from(keys.privateKey),
  });
  return { pem: toPem("CERTIFICATE", certificate), privateKey: keys.privateKey, notAfter };
}
