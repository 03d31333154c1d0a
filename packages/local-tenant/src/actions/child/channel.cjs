"use strict";
// The line to the tenant: one JSON document a line over an inherited socket. It is no `process.send`, so an Action does not find
// it by accident; one that goes looking can write to it, and gains nothing by that: the other side believes no word of it.

const { Socket } = require("node:net");
const { stringify, parse } = JSON;

const DESCRIPTOR = 3;

exports.openChannel = () => {
  const socket = new Socket({ fd: DESCRIPTOR, readable: true, writable: true });
  const write = socket.write.bind(socket);
  const exit = process.exit;
  // The tenant has gone: nobody will ever ask again.
  socket.on("end", () => exit(0));
  socket.on("error", () => exit(0));
  return {
    handle: socket._handle,
    send: (message) => void write(stringify(message) + "\n"),
    /** `effects` are JSON texts already, made when the Action asked for them. */
    sendWithEffects: (head, effects, sent) => {
      const text = stringify(head);
      write(`${text.slice(0, -1)},"effects":[${effects.join(",")}]}\n`, sent);
    },
    onMessage: (listener) => {
      let rest = "";
      socket.setEncoding("utf8");
      socket.on("data", (chunk) => {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop();
        for (const line of lines) listener(parse(line));
      });
    },
  };
};
