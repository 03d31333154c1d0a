import { EventEmitter, once } from "node:events";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { TLSSocket } from "node:tls";

/** How the stand-in answers one request. */
export type Answer =
  | "ok"
  | "50 ms"
  | "2 s"
  | "hang"
  | "stall"
  | "reset"
  | "400"
  | "401"
  | "401-late"
  | "403"
  | "404"
  | "429"
  | "429-soon"
  | "429-later"
  | "429-unsaid"
  | "429-retry-after"
  | "500"
  | "503"
  | "redirect"
  | "html"
  | "empty"
  | "truncated"
  | "cut"
  | "null"
  | "odd"
  | "somebody else";

/** A request that came. */
export interface Call {
  readonly method: string;
  /** Path with query, as it was on the wire. */
  readonly url: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** The two endpoints that the Action uses, on loopback, with faults to order. */
export interface FaultyTenant {
  readonly address: string;
  readonly calls: Call[];
  /** Answers in their order; the last one holds on. */
  token: Answer[];
  user: Answer[];
  /** The profile that `GET /users/{id}` answers. */
  profile: Record<string, unknown>;
  /** Seconds that a token lives. */
  expiresIn: unknown;
  /** What is put behind each token. */
  padding: string;
  /** What a late answer waits for. */
  late: Promise<unknown>;
  /** Where a redirection leads. */
  elsewhere: string;
  /** Settles when the next request is given up by its sender before it was answered. */
  abandoned(): Promise<unknown>;
  close(): Promise<void>;
}

/** The profile that is answered unless another is ordered: the employee's of the events. */
export const storedProfile: Readonly<Record<string, unknown>> = {
  user_id: "waad|ada+lovelace",
  identities: [{ connection: "azure-ad", provider: "waad", user_id: "ada+lovelace" }],
  groups: ["Stored"],
  group_ids: ["stored-id"],
};

const odd = [{ name: "Admins" }];

/** Starts the stand-in on a free port, over HTTPS when it is given a certificate. */
export async function startFaultyTenant(tls?: { key: string; cert: string }): Promise<FaultyTenant> {
  let tokens = 0;
  const events = new EventEmitter();
  const tenant: FaultyTenant = {
    address: "",
    calls: [],
    token: ["ok"],
    user: ["ok"],
    profile: storedProfile,
    expiresIn: 86_400,
    padding: "",
    late: Promise.resolve(),
    elsewhere: "/elsewhere",
    abandoned: () => once(events, "abandoned"),
    close: () => closeServer(server),
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    void readBody(request).then((body) => {
      const { method = "", url = "" } = request;
      const { authorization, "content-type": contentType } = request.headers;
      tenant.calls.push({ method, url, authorization, contentType, body });
      response.on("close", () => response.writableFinished || events.emit("abandoned"));
      const isToken = url === "/oauth/token";
      const answers = isToken ? tenant.token : tenant.user;
      const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? "ok";
      tokens += isToken ? 1 : 0;
      const value = isToken
        ? { access_token: `token-${tokens}${tenant.padding}`, expires_in: tenant.expiresIn }
        : tenant.profile;
      if (answer === "401-late") void tenant.late.then(() => respond(response, "401", "{}", ""));
      else respond(response, answer, JSON.stringify(value), tenant.elsewhere);
    });
  };
  const server = tls ? createSecureServer(tls, listener) : createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // SAFETY: a server that listens on a port has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return Object.assign(tenant, { address: `${tls ? "https" : "http"}://localhost:${port}` });
}

function respond(response: ServerResponse, answer: Answer, json: string, elsewhere: string): void {
  const type = { "content-type": "application/json" };
  const whole = (status: number, body: string, headers: Record<string, string> = type): void => {
    response.writeHead(status, headers).end(body);
  };
  switch (answer) {
    case "hang":
      return;
    case "stall":
      response.writeHead(200, { ...type, "content-length": String(json.length) }).write(json.slice(0, 5));
      return;
    case "cut":
      response.writeHead(200, { ...type, "content-length": String(json.length) });
      response.write(json.slice(0, 5), () => response.destroy());
      return;
    case "reset":
      // A TLS socket cannot be reset, and is cut.
      if (response.socket instanceof TLSSocket) response.socket.destroy();
      else response.socket?.resetAndDestroy();
      return;
    case "redirect":
      return whole(307, "", { location: elsewhere });
    case "html":
      return whole(200, "<html><body>Just a moment...</body></html>", { "content-type": "text/html" });
    case "truncated":
      return whole(200, json.slice(0, -3));
    case "empty":
      return whole(200, "");
    case "null":
      return whole(200, "null");
    case "odd":
      return whole(200, JSON.stringify({ ...storedProfile, groups: odd, group_ids: odd, access_token: 7 }));
    case "somebody else":
      return whole(200, JSON.stringify({ ...storedProfile, user_id: "waad|bob" }));
    case "429-unsaid":
      return whole(429, "{}");
    case "429-retry-after":
      return whole(429, "{}", { ...type, "retry-after": "3600" });
    case "429":
      return whole(429, "{}", { ...type, "x-ratelimit-reset": String(Math.floor(Date.now() / 1000)) });
    case "429-soon":
      return whole(429, "{}", { ...type, "x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + 1) });
    case "429-later":
      return whole(429, "{}", { ...type, "x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + 3600) });
    case "50 ms":
    case "2 s":
      setTimeout(() => whole(200, json), answer === "2 s" ? 2000 : 50);
      return;
    case "ok":
      return whole(200, json);
    default:
      return whole(Number(answer), JSON.stringify({ statusCode: Number(answer), error: "Fault" }));
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function closeServer(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, "close");
}
