import { webcrypto } from "node:crypto";
import { X509CertificateGenerator } from "../../src/lib/x509.ts";

/** A self-signed certificate as PEM, with the private key that belongs to it. */
export interface TestCertificate {
  readonly pem: string;
  readonly privateKey: webcrypto.CryptoKey;
  readonly notAfter: Date;
}

/** Makes a certificate of an RSA key. `name` is its subject as it is written into the certificate. */
export async function makeCertificate(name: string, notAfter: Date): Promise<TestCertificate> {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name,
    notBefore: new Date(notAfter.getTime() - 365 * 86_400_000),
    notAfter,
    signingAlgorithm: algorithm,
    keys,
  });
  return { pem: certificate.toString("pem"), privateKey: keys.privateKey, notAfter };
}
