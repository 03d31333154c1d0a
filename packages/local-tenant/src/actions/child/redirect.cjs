"use strict";

/** @import { Recorder } from "../child-types.ts" */
/** @import { ActionEvent } from "../types.ts" */

/** @typedef {Readonly<Record<string, unknown>>} Payload */
/**
 * @typedef {{
 *   readonly secret: unknown,
 *   readonly payload?: Payload,
 *   readonly expiresInSeconds?: number,
 * }} Token
 */

/** Not loaded at the start, which it would make longer: few Actions need it. */
const crypto = () => require("node:crypto");

const DEFAULT_LIFETIME_SECONDS = 900;
/** Flows without a browser, which therefore cannot redirect. */
const NO_BROWSER = new Set([
  "oauth2-resource-owner",
  "oauth2-refresh-token",
  "oauth2-password",
  "oauth2-webauthn",
]);

/**
 * `api.redirect`:
 * https://auth0.com/docs/customize/actions/explore-triggers/signup-and-login-triggers/login-trigger/redirect-with-actions
 * @template Api
 * @param {ActionEvent} event
 * @param {Recorder} record
 * @param {Api} api
 */
exports.createRedirect = (event, record, api) => ({
  /**
   * @param {string} url
   * @param {{ readonly query?: Readonly<Record<string, string>> }} [options]
   */
  sendUserTo: (url, options) => {
    const target = new URL(url);
    for (const [name, value] of Object.entries(options?.query ?? {})) target.searchParams.set(name, value);
    record("redirect", target.href);
    return api;
  },
  canRedirect: () =>
    event.request?.query?.["prompt"] !== "none" && !NO_BROWSER.has(event.transaction?.protocol ?? ""),
  /** @param {Token} token */
  encodeToken: ({ secret, payload, expiresInSeconds = DEFAULT_LIFETIME_SECONDS }) => {
    const iat = Math.floor(Date.now() / 1000);
    const { request, user } = event;
    const claims = {
      iat,
      iss: request?.hostname,
      sub: user?.user_id,
      exp: iat + expiresInSeconds,
      ip: request?.ip,
    };
    return sign({ ...claims, ...payload }, secret);
  },
  /** @param {{ readonly secret: unknown, readonly tokenParameterName?: string }} token */
  validateToken: ({ secret, tokenParameterName = "session_token" }) => {
    /** @type {Payload} */
    const parameters = { ...event.request?.query, ...event.request?.body };
    const token = parameters[tokenParameterName];
    if (!token) {
      throw new Error(
        `There is no parameter called '${tokenParameterName}' available in either the POST body or query string.`,
      );
    }
    const payload = verify(String(token), secret);
    const reason = refusal(payload, parameters["state"], event);
    if (reason !== undefined) throw invalid(reason);
    return payload;
  },
});

/** @param {string} reason */
const invalid = (reason) => new Error(`The session token is invalid: ${reason}`);

/** @param {unknown} value */
const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/**
 * @param {string} text
 * @param {unknown} secret
 */
function mac(text, secret) {
  if (typeof secret !== "string" || secret === "")
    throw new Error("The secret of a session token must be a non-empty string.");
  return crypto().createHmac("sha256", secret).update(text).digest();
}

/**
 * @param {Payload} payload
 * @param {unknown} secret
 */
function sign(payload, secret) {
  const text = `${encode({ typ: "JWT", alg: "HS256" })}.${encode(payload)}`;
  return `${text}.${mac(text, secret).toString("base64url")}`;
}

/**
 * @param {string} token
 * @param {unknown} secret
 */
function verify(token, secret) {
  const [header = "", body = "", signature, ...more] = token.split(".");
  if (signature === undefined || more.length > 0) throw invalid("jwt malformed");
  const given = Buffer.from(signature, "base64url");
  const expected = mac(`${header}.${body}`, secret);
  if (decode(header)?.["alg"] !== "HS256") throw invalid("invalid algorithm");
  if (given.length !== expected.length || !crypto().timingSafeEqual(given, expected))
    throw invalid("invalid signature");
  return decode(body) ?? {};
}

/**
 * @param {string} part
 * @returns {Payload | null}
 */
function decode(part) {
  try {
    /** @type {unknown} */
    const value = JSON.parse(Buffer.from(part, "base64url").toString());
    // SAFETY: it may be any JSON, and each member is checked before it is used.
    return /** @type {Payload | null} */ (value);
  } catch {
    throw invalid("jwt malformed");
  }
}

/**
 * @param {Payload} payload
 * @param {unknown} state
 * @param {ActionEvent} event
 */
function refusal(payload, state, event) {
  if (typeof payload["exp"] !== "number" || payload["exp"] <= Date.now() / 1000) return "jwt expired";
  if (payload["iss"] !== undefined && payload["iss"] !== event.request?.hostname)
    return "Issuer in the token does not match.";
  if (payload["sub"] !== undefined && payload["sub"] !== event.user?.user_id)
    return "Subject in the token does not match.";
  if (payload["state"] === undefined || payload["state"] !== state)
    return "State in the token does not match the /continue state.";
  return undefined;
}
