import { createServer } from "node:net";
import { UserError } from "./errors.ts";

const FIRST = 8443;
const TRIES = 100;

/** The first port from 8443 that nobody listens on. */
export async function nextFreePort(): Promise<number> {
  for (let port = FIRST; port < FIRST + TRIES; port += 1) {
    if ((await isFree("127.0.0.1", port)) && (await isFree("::1", port))) return port;
  }
  throw new UserError(`The ports ${FIRST} to ${FIRST + TRIES - 1} are all taken. Choose one with --port N.`);
}

function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    // On a machine without IPv6 nothing can listen on ::1, so nothing has taken it.
    server.once("error", (error) => resolve(!("code" in error) || error.code !== "EADDRINUSE"));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
