"use strict";

/** @import { Recorder } from "../child-types.ts" */

/**
 * Answers `true`, or what the value has to be.
 * @typedef {(value: unknown) => true | string} Check
 */

const { byteLength } = Buffer;

// https://auth0.com/docs/customize/actions/limitations
const MAX_ATTRIBUTES = 100;
const MAX_NAME = 1024;
const MAX_VALUE = 2048;
const MAX_TOTAL = 10_240;

/** @type {Check} */
const boolean = (value) => typeof value === "boolean" || "must be a boolean";

/** @type {Check} */
const number = (value) => (typeof value === "number" && Number.isFinite(value)) || "must be a number";

/** @type {(max: number) => Check} */
const string = (max) => (value) =>
  (typeof value === "string" && value.length <= max) || `must be a string of at most ${max} characters`;

/** @type {(...allowed: unknown[]) => Check} */
const oneOf =
  (...allowed) =>
  (value) =>
    allowed.includes(value) || `must be one of ${allowed.join(", ")}`;

/** @type {Check} */
const names = (value) =>
  (Array.isArray(value) && value.length <= 10 && value.every((item) => typeof item === "string")) ||
  "must be an array of at most 10 strings";

/** Methods beside `setAttribute`, and what each takes. The setting's name is the method's without `set`. */
const SETTINGS = {
  setAudience: string(2048),
  setRecipient: string(2048),
  setCreateUpnClaim: boolean,
  setPassthroughClaimsWithNoMapping: boolean,
  setMapUnknownClaimsAsIs: boolean,
  setMapIdentities: boolean,
  setSignatureAlgorithm: oneOf("rsa-sha256", "rsa-sha1"),
  setDigestAlgorithm: oneOf("sha256", "sha1"),
  setDestination: string(2048),
  setLifetimeInSeconds: number,
  setSignResponse: boolean,
  setNameIdentifierFormat: string(512),
  setNameIdentifierProbes: names,
  setAuthnContextClassRef: string(512),
  setSigningCert: string(4096),
  setIncludeAttributeNameFormat: boolean,
  setTypedAttributes: boolean,
  setEncryptionCert: string(4096),
  setEncryptionPublicKey: string(4096),
  setEncryptionAlgorithm: oneOf("aes256-gcm", "aes256-cbc"),
  setCert: string(4096),
  setKey: string(4096),
  setRelayState: string(512),
  setIssuer: string(512),
};

/**
 * `api.samlResponse`. `attributes` are those that earlier Actions of the flow have set.
 * @template Api
 * @param {Readonly<Record<string, unknown>>} attributes
 * @param {Recorder} record
 * @param {Api} api
 */
exports.createSamlResponse = (attributes, record, api) => {
  const known = new Map(Object.entries(attributes));
  /** @type {Record<string, (value: unknown) => Api>} */
  const settings = {};
  for (const [method, check] of Object.entries(SETTINGS)) {
    settings[method] = (value) => {
      const verdict = check(value);
      if (verdict !== true) throw new Error(`The value given to api.samlResponse.${method} ${verdict}.`);
      record("samlConfiguration", method.charAt(3).toLowerCase() + method.slice(4), value);
      return api;
    };
  }
  return {
    /**
     * @param {unknown} name
     * @param {unknown} given
     */
    setAttribute: (name, given) => {
      const value = given ?? null;
      const attribute = checkAttribute(name, value);
      const next = new Map(known).set(attribute, value);
      if (next.size > MAX_ATTRIBUTES)
        throw new Error(`A SAML response has at most ${MAX_ATTRIBUTES} attributes.`);
      if (byteLength(JSON.stringify(Object.fromEntries(next))) > MAX_TOTAL) {
        throw new Error(`The total size of the SAML attributes exceeds the limit of ${MAX_TOTAL} bytes.`);
      }
      known.set(attribute, value);
      record("saml", attribute, value);
      return api;
    },
    ...settings,
  };
};

/**
 * @param {unknown} attribute
 * @param {unknown} value
 * @returns {string} the attribute's name
 */
function checkAttribute(attribute, value) {
  if (typeof attribute !== "string" || attribute === "" || byteLength(attribute) > MAX_NAME) {
    throw new Error(`The name of a SAML attribute must be a string of 1 to ${MAX_NAME} bytes.`);
  }
  /** @type {unknown[]} */
  const items = Array.isArray(value) ? value : [value];
  /** @param {unknown} item */
  const fits = (item) =>
    ["string", "number", "boolean"].includes(typeof item) && byteLength(String(item)) <= MAX_VALUE;
  if (value !== null && !items.every(fits)) {
    throw new Error(
      `The value of the SAML attribute "${attribute}" must be a string, number or boolean of at most ${MAX_VALUE} bytes, or an array of those.`,
    );
  }
  return attribute;
}
