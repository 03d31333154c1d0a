"use strict";
// The `api` object of the post-login trigger, version v3:
// https://auth0.com/docs/customize/actions/explore-triggers/signup-and-login-triggers/login-trigger/post-login-api-object

/** @import { Call, Recorder } from "../child-types.ts" */
/** @import { RunMessage } from "../protocol.ts" */
/** @import { ActionEvent, EntryPoint } from "../types.ts" */

const { createCache } = require("./cache.cjs");
const { createDirectory } = require("./directory.cjs");
const { createRecorder, notBuilt } = require("./effects.cjs");
const { createTransaction, createUser } = require("./metadata.cjs");
const { createRedirect } = require("./redirect.cjs");
const { createSamlResponse } = require("./saml.cjs");
const { createLifecycle, cookieMode } = require("./session.cjs");

const MAX_SCOPES = 1000;

/**
 * `effects` is filled while the Action runs; `call(method, args)` asks the tenant.
 * @param {ActionEvent} event
 * @param {Pick<RunMessage, "entry" | "cache" | "samlAttributes" | "transactionMetadata">} request
 * @param {string[]} effects
 * @param {Call} call
 */
exports.createApi = (event, request, effects, call) => {
  const record = createRecorder(effects);
  const api = {};
  /** @param {string} name */
  const missing = (name) => notBuilt(record, name);
  const { groups, roles } = createDirectory(call);
  return Object.assign(api, {
    access: {
      /** @param {unknown} reason */
      deny: (reason) => {
        record("deny", String(reason));
        return api;
      },
    },
    accessToken: { setCustomClaim: claimSetter("accessToken", record, api), ...createScopes(record) },
    idToken: { setCustomClaim: claimSetter("idToken", record, api) },
    authentication: {
      challengeWith: missing("authentication.challengeWith"),
      challengeWithAny: missing("authentication.challengeWithAny"),
      enrollWith: missing("authentication.enrollWith"),
      enrollWithAny: missing("authentication.enrollWithAny"),
      setPrimaryUser: missing("authentication.setPrimaryUser"),
      /** @param {unknown} url */
      recordMethod: (url) => {
        record("method", checkMethod(url, request.entry));
        return api;
      },
    },
    cache: createCache(request.cache, record),
    groups,
    roles,
    multifactor: {
      /** @param {unknown} provider */
      enable: (provider) => (provider === "none" ? api : missing("multifactor.enable")()),
    },
    prompt: { render: missing("prompt.render") },
    redirect: createRedirect(event, record, api),
    refreshToken: createLifecycle("refreshToken", "refresh token", event.refresh_token, record),
    rules: { wasExecuted: () => false },
    samlResponse: createSamlResponse(request.samlAttributes, record, api),
    session: {
      ...createLifecycle("session", "session", event.session, record),
      setCookieMode: cookieMode(record),
    },
    transaction: createTransaction(request.transactionMetadata, record),
    user: createUser(record, api),
    validation: {
      /**
       * @param {unknown} code
       * @param {unknown} message
       */
      error: (code, message) => {
        record("deny", String(message), String(code));
        return api;
      },
    },
  });
};

/**
 * `scope` is the only name that is refused at once; restricted names are dropped when the token is made.
 * @template Api
 * @param {"accessToken" | "idToken"} kind
 * @param {Recorder} record
 * @param {Api} api
 */
function claimSetter(kind, record, api) {
  return (/** @type {unknown} */ key, /** @type {unknown} */ value) => {
    if (key === "scope") throw new Error('The "scope" claim cannot be set.');
    const name = String(key);
    if (value === undefined || typeof value === "function" || typeof value === "symbol") record(kind, name);
    else record(kind, name, value);
    return api;
  };
}

/** @param {Recorder} record */
function createScopes(record) {
  let count = 0;
  /** @param {"add" | "remove"} how */
  const modify = (how) => (/** @type {unknown} */ scope) => {
    if (typeof scope !== "string" || !/^\S{1,280}$/u.test(scope)) {
      throw new Error("A scope must be a string of 1 to 280 characters without whitespace.");
    }
    if (++count > MAX_SCOPES) throw new Error(`An Action changes at most ${MAX_SCOPES} scopes.`);
    record("scope", how, scope);
  };
  return { addScope: modify("add"), removeScope: modify("remove") };
}

/**
 * Not `URL.canParse`, which in Node.js 20 refuses texts with letters such as `ü` once its caller is compiled.
 *
 * @param {string} text
 */
function isUrl(text) {
  try {
    new URL(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {unknown} url
 * @param {EntryPoint} entry
 */
function checkMethod(url, entry) {
  if (entry !== "onContinuePostLogin") {
    throw new Error("api.authentication.recordMethod can only be called from onContinuePostLogin.");
  }
  if (typeof url !== "string" || !/^https?:\/\//.test(url) || !isUrl(url)) {
    throw new Error("api.authentication.recordMethod needs an http: or https: URL.");
  }
  return url;
}
