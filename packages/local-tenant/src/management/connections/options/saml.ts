import { X509Certificate } from "node:crypto";
import type { Options, OptionsRequest } from "./options-request.ts";

const SUBJECT: Readonly<Record<string, string>> = {
  C: "countryName",
  ST: "stateOrProvinceName",
  L: "localityName",
  O: "organizationName",
  OU: "organizationalUnitName",
  CN: "commonName",
};
/**
 * What production has read from a certificate or from metadata, and keeps over a PATCH that does not bring
 * new ones.
 */
const DERIVED = [
  "signInEndpoint",
  "signOutEndpoint",
  "bindingMethod",
  "signingCert",
  "cert",
  "expires",
  "subject",
  "thumbprints",
];

/**
 * Options of a `samlp` connection. Metadata that came as XML is read and dropped: endpoints, binding and the
 * signing certificate with its subject, expiry and thumbprint take its place (recording TestAccConnectionSAML
 * of the Terraform provider).
 */
export function samlOptions({ sent, old }: OptionsRequest): Options {
  const { metadataXml, ...rest } = sent;
  const kept = Object.fromEntries(
    DERIVED.filter((key) => old?.[key] !== undefined).map((key) => [key, old?.[key]]),
  );
  const read = typeof metadataXml === "string" ? readMetadata(metadataXml) : {};
  const certificate = pemOf(rest["signingCert"] ?? read["signingCert"]);
  return {
    ...(old === undefined
      ? { assertion_decryption_settings: { algorithm_profile: "v2026-1", algorithm_exceptions: [] } }
      : {}),
    ...kept,
    ...read,
    ...describeCertificate(certificate),
    ...rest,
  };
}

/** Options of a `pingfederate` connection: the signing certificate is read, and answered as `cert`. */
export function pingFederateOptions({ sent }: OptionsRequest): Options {
  const { signingCert, ...rest } = sent;
  const pem = pemOf(signingCert);
  if (pem === undefined) return sent;
  return { ...describeCertificate(pem), ...rest };
}

function readMetadata(xml: string): Options {
  const service = (name: string) => new RegExp(`<(?:\\w+:)?${name}\\b([^>]*)>`).exec(xml)?.[1] ?? "";
  const attribute = (text: string, name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1];
  const signIn = service("SingleSignOnService");
  const certificate = /<(?:\w+:)?X509Certificate>([^<]+)</.exec(xml)?.[1]?.replace(/\s+/g, "");
  const pairs: [string, string | undefined][] = [
    ["signInEndpoint", attribute(signIn, "Location")],
    ["signOutEndpoint", attribute(service("SingleLogoutService"), "Location")],
    ["bindingMethod", attribute(signIn, "Binding")],
    [
      "signingCert",
      certificate === undefined ? undefined : Buffer.from(toPem(certificate)).toString("base64"),
    ],
  ];
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

/** The certificate in PEM; it may come as PEM, or as PEM in base64 once more. */
function pemOf(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  const text = value.includes("-----BEGIN") ? value : Buffer.from(value, "base64").toString("utf8");
  return text.includes("-----BEGIN CERTIFICATE") ? `${text.trim()}\n` : undefined;
}

function toPem(base64: string): string {
  return `-----BEGIN CERTIFICATE-----\n${(base64.match(/.{1,64}/g) ?? []).join("\n")}\n-----END CERTIFICATE-----\n`;
}

function describeCertificate(pem: string | undefined): Options {
  if (pem === undefined) return {};
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    // Production takes placeholders too; they are just not described.
    return {};
  }
  const names = certificate.subject.split("\n").map((line) => line.split("="));
  return {
    expires: new Date(certificate.validTo).toISOString(),
    subject: Object.fromEntries(names.map(([key = "", value = ""]) => [SUBJECT[key] ?? key, value])),
    thumbprints: [certificate.fingerprint.replaceAll(":", "").toLowerCase()],
    cert: pem,
  };
}
