import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { Server } from "node:https";
import type { AddressInfo } from "node:net";
import { UserError } from "./lib/errors.ts";
import type { TlsMaterial } from "./lib/tls.ts";

/** How often another port is tried where the system chose one that is taken on the other loopback address. */
const TRIES = 5;

/** A port of 127.0.0.1 and, where the machine has it, of ::1. */
export class Listener {
  readonly port: number;
  readonly #servers: readonly Server[];

  private constructor(servers: readonly Server[]) {
    this.#servers = servers;
    this.port = portOf(servers[0]);
  }

  /**
   * Opens a port, or any free one for 0. Requests wait until `serve` is called.
   * @throws {UserError} when the port is taken.
   */
  static async open(tls: TlsMaterial, port: number, tries = TRIES): Promise<Listener> {
    const first = await listenOn(tls, "127.0.0.1", port);
    try {
      return new Listener([first, await listenOn(tls, "::1", portOf(first))]);
    } catch (error) {
      // A machine without IPv6 has no ::1, and a tenant that listens only on 127.0.0.1 is complete.
      if (codeOf(error) === "EADDRNOTAVAIL" || codeOf(error) === "EAFNOSUPPORT") return new Listener([first]);
      first.close();
      if (port !== 0 || tries === 1) throw error;
      return Listener.open(tls, port, tries - 1);
    }
  }

  serve(listener: RequestListener): void {
    for (const server of this.#servers) server.on("request", listener);
  }

  /** Ends listening and cuts open connections. */
  async close(): Promise<void> {
    await Promise.all(this.#servers.map(closeServer));
  }
}

function listenOn(tls: TlsMaterial, host: string, port: number): Promise<Server> {
  const server = createServer({ key: tls.key, cert: tls.cert });
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      reject(codeOf(error) === "EADDRINUSE" ? portTaken(port) : error);
    });
    server.listen({ host, port }, () => {
      server.removeAllListeners("error");
      resolve(server);
    });
  });
}

function portTaken(port: number): UserError {
  return new UserError(
    `Port ${port} is taken by another program. Stop that program, or choose another port with --port N.`,
  );
}

function portOf(server: Server | undefined): number {
  // SAFETY: a server that listens on a TCP port has an AddressInfo.
  return (server?.address() as AddressInfo).port;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
