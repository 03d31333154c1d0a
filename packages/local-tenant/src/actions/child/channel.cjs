"use strict";
// The line to the tenant: one JSON document a line over an inherited socket. It is not `process.send`, so an
// Action does not find it by accident. An Action that looks for it can write to it, but gains nothing by
// that, because the tenant trusts nothing that comes over it.

/** @import { WithHandle } from "../child-types.ts" */
/** @import { ChildMessage, DoneMessage, TenantMessage } from "../protocol.ts" */

const { Socket } = require("node:net");
const { stringify } = JSON;
/** @type {(text: string) => unknown} */
const parse = JSON.parse;

const DESCRIPTOR = 3;

exports.openChannel = () => {
  const socket = new Socket({ fd: DESCRIPTOR, readable: true, writable: true });
  const write = socket.write.bind(socket);
  const exit = process.exit;
  /** Goes out with what is sent next. */
  let held = "";
  /**
   * @param {string} text
   * @param {() => void} [sent]
   */
  const writeLine = (text, sent) => {
    write(`${held}${text}\n`, sent);
    held = "";
  };
  const flush = () => {
    if (held === "") return;
    write(held);
    held = "";
  };
  // The tenant has gone, so nothing will ever be asked again.
  socket.on("end", () => exit(0));
  socket.on("error", () => exit(0));
  return {
    // SAFETY: Node's types do not name it; an opened socket has one.
    handle: /** @type {Socket & WithHandle} */ (socket)._handle,
    /** @param {Exclude<ChildMessage, DoneMessage>} message */
    send: (message) => writeLine(stringify(message)),
    /**
     * The same, but together with what is sent next, because each message that goes out by itself wakes the
     * tenant.
     * @param {Exclude<ChildMessage, DoneMessage>} message
     */
    hold: (message) => {
      held += `${stringify(message)}\n`;
    },
    flush,
    /**
     * `effects` are JSON texts already, made when the Action asked for them.
     * @param {Omit<DoneMessage, "effects">} head
     * @param {readonly string[]} effects
     * @param {() => void} [sent]
     */
    sendWithEffects: (head, effects, sent) => {
      const text = stringify(head);
      writeLine(`${text.slice(0, -1)},"effects":[${effects.join(",")}]}`, sent);
    },
    /** @param {(message: TenantMessage) => void} listener */
    onMessage: (listener) => {
      let rest = "";
      socket.setEncoding("utf8");
      socket.on("data", (/** @type {string} */ chunk) => {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        // SAFETY: only the tenant writes on its side of the line.
        for (const line of lines) listener(/** @type {TenantMessage} */ (parse(line)));
      });
    },
  };
};
