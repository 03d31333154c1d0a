"use strict";
// The tenant's certificate authority, which the Action's requests trust beside the public ones. It is not
// given by NODE_EXTRA_CA_CERTS, because Node would then read all public ones whenever it starts, which takes
// half as long as the start itself, and an Action that sends no request needs none of them.

const { channel } = require("node:diagnostics_channel");
const { load } = require("./node-loader.cjs");

/** @typedef {{ readonly context: { addCACert(pem: string): void } }} WithAuthorities */

/** Names of this machine, for which no public authority signs. */
const LOCAL = /^(localhost|.*\.localhost|127(\.\d+){3}|\[?::1\]?)$/i;

/** @type {string | undefined} */
let authority;
let isReady = false;

/** @param {string | undefined} pem */
exports.trustAuthority = (pem) => {
  authority = pem;
  // The built-in `fetch` loads what it needs from inside of Node.
  channel("undici:client:beforeConnect").subscribe(prepareTls);
};

/** Call it before the Action gets a module that makes connections. */
function prepareTls() {
  if (isReady || authority === undefined) return;
  isReady = true;
  // SAFETY: this is what `require` answers.
  const tls = /** @type {typeof import("node:tls")} */ (load("node:tls"));
  const pem = authority;
  const create = tls.createSecureContext;
  /** @param {import("node:tls").ConnectionOptions} [options] */
  tls.createSecureContext = (options) => {
    if (options?.ca) return create(options);
    if (LOCAL.test(options?.servername || options?.host || "")) return create({ ...options, ca: pem });
    const made = create(options);
    // SAFETY: Node's types do not name it; `createSecureContext` adds other authorities by it.
    /** @type {WithAuthorities} */ (made).context.addCACert(pem);
    return made;
  };
}

exports.prepareTls = prepareTls;
