import { generateKeyPair } from "node:crypto";
import type { KeyPairKeyObjectResult } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { promisify } from "node:util";
import {
  authorityExtensions,
  createCertificate,
  serverExtensions,
  toPem,
} from "../../packages/local-tenant/src/lib/certificate.ts";

const AUTHORITY = "Company test authority";
const DAY = 86_400_000;

/** A server of https with a certificate of a company's own authority. */
export interface CompanyServer extends AsyncDisposable {
  readonly port: number;
  /** The authority's certificate, PEM. */
  readonly authority: string;
}

/** Starts a server on loopback whose certificate is for `host`, signed by an authority that nobody knows. */
export async function startCompanyServer(host: string, listener: RequestListener): Promise<CompanyServer> {
  const [caKeys, keys] = [await generateKeys(), await generateKeys()];
  const [notBefore, notAfter] = [new Date(Date.now() - DAY), new Date(Date.now() + DAY)];
  const shared = { notBefore, notAfter, signingKey: caKeys.privateKey };
  const ca = createCertificate({
    ...shared,
    subject: AUTHORITY,
    publicKey: caKeys.publicKey,
    extensions: authorityExtensions(caKeys.publicKey),
  });
  const leaf = createCertificate({
    ...shared,
    subject: host,
    issuer: AUTHORITY,
    publicKey: keys.publicKey,
    extensions: serverExtensions([host], caKeys.publicKey),
  });
  const key = keys.privateKey.export({ type: "pkcs8", format: "pem" });
  const server = createTlsServer({ key, cert: toPem("CERTIFICATE", leaf) }, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    authority: toPem("CERTIFICATE", ca),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A proxy that notes whom it was asked for, and with which credentials. */
export interface LoggingProxy extends AsyncDisposable {
  readonly port: number;
  readonly asked: { readonly host: string; readonly credentials: string | undefined }[];
}

/**
 * Starts a proxy on loopback. To each CONNECT it answers what `answer` says: a status, the port on loopback
 * to which it leads every caller, or nothing at all.
 */
export async function startProxy(
  answer: { readonly status: number } | { readonly port: number } | "silence",
): Promise<LoggingProxy> {
  const { connect } = await import("node:net");
  const asked: LoggingProxy["asked"] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_request, response) => response.writeHead(502).end());
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  server.on("connect", (request: IncomingMessage, client: Socket) => {
    const given = request.headers["proxy-authorization"]?.replace(/^Basic /, "");
    asked.push({
      host: request.url ?? "",
      credentials: given === undefined ? undefined : Buffer.from(given, "base64").toString(),
    });
    if (answer === "silence") return;
    if ("status" in answer) return void client.end(`HTTP/1.1 ${answer.status} No\r\n\r\n`);
    const upstream = connect(answer.port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    sockets.add(upstream);
    upstream.on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function generateKeys(): Promise<KeyPairKeyObjectResult> {
  return promisify(generateKeyPair)("ec", { namedCurve: "P-256" });
}
