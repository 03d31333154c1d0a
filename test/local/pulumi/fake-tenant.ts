import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:https";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createTls } from "../../../packages/local-tenant/src/lib/tls.ts";

type Json = Record<string, unknown>;

/** One request that the fake has had, in the order of arrival. The token endpoint's are kept apart. */
export interface SentRequest {
  readonly method: string;
  /** Path below `/api/v2`, with its query, as sent. */
  readonly path: string;
  readonly body: unknown;
}

/** What a test answers in place of the fake; undefined leaves the request to the fake. */
export type Override = (
  request: SentRequest,
) => { status: number; body?: unknown; headers?: Record<string, string>; drop?: boolean } | undefined;

/**
 * The Management API as far as the stand-in's resource types need it, in memory, with nothing checked: what a
 * client sends is what a test asserts. Answers have the shapes of the recorded ones. The tenant proper is
 * strict; this one is only observant.
 */
export class FakeTenant {
  readonly requests: SentRequest[] = [];
  readonly tokenRequests: { authorization: string | undefined; body: string }[] = [];
  readonly clients = new Map<string, Json>();
  readonly actions = new Map<string, Json>();
  readonly grants = new Map<string, Json>();
  readonly connections = new Map<string, Json>();
  readonly enabled = new Map<string, string[]>();
  readonly bindings = new Map<string, { action: string; display: string }[]>();
  override: Override | undefined;
  tokenOverride:
    ((authorization: string | undefined) => { status: number; body: unknown } | undefined) | undefined;
  readonly #server: Server;
  readonly ca: string;

  private constructor(server: Server, ca: string) {
    this.#server = server;
    this.ca = ca;
  }

  static async start(): Promise<FakeTenant> {
    const tls = await createTls();
    const server = createServer({ key: tls.key, cert: tls.cert });
    const tenant = new FakeTenant(server, tls.ca);
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      void tenant.#handle(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return tenant;
  }

  get domain(): string {
    // SAFETY: a server that listens on a TCP port has an AddressInfo.
    return `localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The requests since the last call, as `METHOD path`. */
  take(): string[] {
    return this.takeAll().map(({ method, path }) => `${method} ${path}`);
  }

  takeAll(): SentRequest[] {
    return this.requests.splice(0);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const url = request.url ?? "/";
    if (url === "/oauth/token") {
      this.tokenRequests.push({ authorization: request.headers.authorization, body: text });
      const answer = this.tokenOverride?.(request.headers.authorization) ?? {
        status: 200,
        body: { access_token: "fake", token_type: "Bearer", expires_in: 86400 },
      };
      reply(response, answer.status, answer.body);
      return;
    }
    const sent: SentRequest = {
      method: request.method ?? "",
      path: url.replace(/^\/api\/v2/, ""),
      body: text === "" ? undefined : JSON.parse(text),
    };
    this.requests.push(sent);
    const overridden = this.override?.(sent);
    if (overridden?.drop === true) {
      request.socket.destroy();
      return;
    }
    const answer = overridden ?? this.#route(sent);
    reply(response, answer.status, answer.body, overridden?.headers);
  }

  #route(sent: SentRequest): { status: number; body?: unknown } {
    const url = new URL(sent.path, "https://tenant");
    const parts = url.pathname.split("/").slice(1).map(decodeURIComponent);
    // SAFETY: bodies of the routes below are objects, but for the connection's clients, which reads them
    // itself.
    const body = (sent.body ?? {}) as Json;
    const [root, second, third, fourth] = parts;
    if (root === "actions" && second === "actions") return this.#action(sent.method, third, fourth, body);
    if (root === "actions" && second === "triggers")
      return this.#bindings(sent.method, third ?? "", url, body);
    if (root === "clients") return this.#client(sent.method, second, third, url, body);
    if (root === "client-grants") return this.#grant(sent.method, second, url, body);
    if (root === "connections" && third === "clients")
      return this.#connectionClients(sent.method, second ?? "", sent.body);
    if (root === "connections") return this.#connection(sent.method, second, url, body);
    return errorAnswer(501, "Not Implemented", `${sent.method} ${sent.path}`);
  }

  #action(method: string, id: string | undefined, verb: string | undefined, body: Json) {
    if (method === "POST" && id === undefined) {
      const action: Json = {
        runtime: "node22",
        dependencies: [],
        ...body,
        id: randomUUID(),
        status: "built",
        secrets: namesOf(body["secrets"]),
      };
      this.actions.set(String(action["id"]), action);
      return { status: 201, body: { ...action, status: "pending" } };
    }
    const action = this.actions.get(id ?? "");
    if (action === undefined) return errorAnswer(404, "Not Found", "That action does not exist.");
    if (verb === "deploy") {
      action["deployed_version"] = { id: randomUUID(), deployed: true, number: 1, status: "built" };
      return { status: 200, body: { ...(action["deployed_version"] as Json), deployed: false } };
    }
    if (method === "DELETE") {
      this.actions.delete(id ?? "");
      return { status: 204 };
    }
    if (method === "PATCH") {
      Object.assign(action, body, body["secrets"] === undefined ? {} : { secrets: namesOf(body["secrets"]) });
    }
    return { status: 200, body: action };
  }

  #bindings(method: string, trigger: string, url: URL, body: Json) {
    if (method === "PATCH") {
      // SAFETY: the only body that is sent to this route.
      const list = (body["bindings"] ?? []) as { display_name: string; ref: { value: string } }[];
      this.bindings.set(
        trigger,
        list.map(({ display_name, ref }) => ({ action: ref.value, display: display_name })),
      );
    }
    const bound = (this.bindings.get(trigger) ?? []).map(({ action, display }) => ({
      id: randomUUID(),
      display_name: display,
      action: { id: action },
    }));
    if (url.searchParams.get("page") === "1")
      return { status: 200, body: { bindings: [], page: 1, per_page: 100 } };
    const total = bound.length === 0 ? {} : { total: bound.length };
    return { status: 200, body: { bindings: bound, ...total, per_page: 100 } };
  }

  #client(method: string, id: string | undefined, sub: string | undefined, url: URL, body: Json) {
    if (method === "POST" && id === undefined) {
      const client = { ...clientDefaults(body), ...body, client_id: alphanumeric(32) };
      this.clients.set(client.client_id, client);
      return { status: 201, body: client };
    }
    const client = this.clients.get(id ?? "");
    if (client === undefined) return errorAnswer(404, "Not Found", "The client does not exist");
    if (sub === "credentials") return { status: 200, body: [] };
    if (method === "DELETE") {
      this.clients.delete(id ?? "");
      for (const [key, list] of this.enabled)
        this.enabled.set(
          key,
          list.filter((entry) => entry !== id),
        );
      return { status: 204 };
    }
    if (method === "PATCH") patchClient(client, body);
    return { status: 200, body: only(client, url, []) };
  }

  #grant(method: string, id: string | undefined, url: URL, body: Json) {
    if (method === "GET" && id === undefined) {
      const found = [...this.grants.values()].filter((grant) =>
        ["client_id", "audience"].every((key) => grant[key] === url.searchParams.get(key)),
      );
      return { status: 200, body: { total: found.length, start: 0, limit: 50, client_grants: found } };
    }
    if (method === "POST") {
      const grant = { subject_type: "client", ...body, id: `cgr_${alphanumeric(16)}` };
      this.grants.set(grant.id, grant);
      return { status: 201, body: grant };
    }
    const grant = this.grants.get(id ?? "");
    if (grant === undefined) return errorAnswer(404, "Not Found", "The client grant does not exist");
    if (method === "DELETE") {
      this.grants.delete(id ?? "");
      return { status: 204 };
    }
    Object.assign(grant, body);
    return { status: 200, body: grant };
  }

  #connection(method: string, id: string | undefined, url: URL, body: Json) {
    if (method === "POST") {
      const connection: Json = {
        is_domain_connection: false,
        authentication: { active: true },
        connected_accounts: { active: false },
        display_name: body["name"],
        enabled_clients: [],
        realms: [body["name"]],
        ...body,
        options: {
          ...(body["options"] as Json),
          thumbprints: ["2ed8"],
          app_domain: this.domain,
          waad_common_endpoint: false,
        },
        id: `con_${alphanumeric(16)}`,
      };
      this.connections.set(String(connection["id"]), connection);
      return { status: 201, body: connection };
    }
    const connection = this.connections.get(id ?? "");
    if (connection === undefined) return errorAnswer(404, "Not Found", "The connection does not exist");
    if (method === "DELETE") {
      this.connections.delete(id ?? "");
      return { status: 202, body: { deleted_at: new Date().toISOString() } };
    }
    Object.assign(connection, body);
    return { status: 200, body: only(connection, url, ["id", "is_domain_connection"]) };
  }

  #connectionClients(method: string, id: string, body: unknown) {
    if (!this.connections.has(id)) return errorAnswer(404, "Not Found", "The connection does not exist");
    const list = new Set(this.enabled.get(id) ?? []);
    if (method === "PATCH") {
      // SAFETY: the only body that is sent to this route.
      for (const entry of body as { client_id: string; status: boolean }[]) {
        if (entry.status) list.add(entry.client_id);
        else list.delete(entry.client_id);
      }
      this.enabled.set(id, [...list]);
      return { status: 204 };
    }
    return { status: 200, body: { clients: [...list].map((client_id) => ({ client_id })) } };
  }
}

function reply(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...headers,
  });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

/** The error body that the Management API gives. */
export function errorAnswer(
  status: number,
  error: string,
  message: string,
): { status: number; body: unknown } {
  return { status, body: { statusCode: status, error, message } };
}

function only(object: Json, url: URL, always: string[]): Json {
  const fields = url.searchParams.get("fields")?.split(",");
  if (fields === undefined) return object;
  return Object.fromEntries(
    Object.entries(object).filter(([key]) => fields.includes(key) || always.includes(key)),
  );
}

function namesOf(secrets: unknown): Json[] {
  // SAFETY: lists of named secrets are the only ones that are sent.
  return ((secrets ?? []) as { name: string }[]).map(({ name }) => ({
    name,
    updated_at: new Date().toISOString(),
  }));
}

function patchClient(client: Json, body: Json): void {
  for (const [key, value] of Object.entries(body)) {
    if (value === null) delete client[key];
    else if (key === "client_metadata" || key === "jwt_configuration") {
      const merged: Json = { ...(client[key] as Json | undefined), ...(value as Json) };
      client[key] = Object.fromEntries(Object.entries(merged).filter(([, entry]) => entry !== null));
    } else client[key] = value;
  }
}

function clientDefaults(body: Json): Json {
  const confidential = body["token_endpoint_auth_method"] === "client_secret_post";
  return {
    tenant: "fake",
    global: false,
    is_first_party: true,
    is_token_endpoint_ip_header_trusted: false,
    oidc_conformant: false,
    sso_disabled: false,
    cross_origin_authentication: false,
    custom_login_page_on: true,
    jwt_configuration: { secret_encoded: false, lifetime_in_seconds: 36000 },
    grant_types: ["authorization_code", "implicit", "refresh_token", "client_credentials"],
    refresh_token: {
      rotation_type: "non-rotating",
      expiration_type: "non-expiring",
      leeway: 0,
      token_lifetime: confidential ? 31557600 : 2592000,
      infinite_token_lifetime: true,
      infinite_idle_token_lifetime: true,
      idle_token_lifetime: confidential ? 2592000 : 1296000,
    },
    signing_keys: [{ cert: "cert", pkcs7: "pkcs7", subject: "/CN=fake" }],
    client_secret: alphanumeric(64),
  };
}

function alphanumeric(length: number): string {
  return randomBytes(length * 2)
    .toString("base64")
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(0, length);
}
