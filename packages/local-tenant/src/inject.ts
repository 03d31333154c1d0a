import type { FastifyInstance } from "fastify";
import type { TenantContext } from "./context.ts";
import { UserError } from "./lib/errors.ts";

/** A request to a tenant that needs no socket. */
export interface InjectRequest {
  /** `POST` with a body and `GET` without one, unless given. */
  readonly method?: string;
  /** Path with query, such as `/userinfo`, or an address of this tenant. */
  readonly url: string;
  /** As a client would send them; cookies too. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is, `URLSearchParams` as a form, and anything else as JSON. */
  readonly body?: unknown;
  /** Gives the request up. A tenant with the fault `hang` answers no other way. */
  readonly signal?: AbortSignal;
}

/** What a tenant has answered. */
export interface InjectResponse {
  readonly status: number;
  /** By name in lower case; of `set-cookie` a list. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  /** The body, which must be JSON. It is not checked to be a `Body`. */
  json<Body = unknown>(): Body;
}

/** Answers a request as if it had come to the tenant's port. */
export async function inject(
  app: Pick<FastifyInstance, "inject">,
  context: TenantContext,
  { method, url, headers = {}, body, signal }: InjectRequest,
): Promise<InjectResponse> {
  const [payload, type] = payloadOf(body);
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const answer = app.inject({
    // SAFETY: any other method is answered as over a socket, where there is no route for it.
    method: (method ?? (payload === undefined ? "GET" : "POST")) as "GET",
    url: pathOf(url, context),
    headers: {
      // Otherwise one would be made up, which Actions would see.
      "user-agent": undefined,
      ...(type !== undefined && { "content-type": type }),
      ...context.ownHeaders,
      ...Object.fromEntries(named),
    },
    ...(payload !== undefined && { payload }),
    ...(signal !== undefined && { signal }),
  });
  const response = await answer.catch(rethrow);
  return {
    status: response.statusCode,
    headers: Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name, told(name, value)]),
    ),
    body: response.body,
    // SAFETY: the caller says what it expects, as with fetch.
    json: <Body>() => JSON.parse(response.body) as Body,
  };
}

function payloadOf(body: unknown): [payload: string | undefined, type?: string] {
  if (body === undefined || typeof body === "string") return [body];
  if (body instanceof URLSearchParams) return [body.toString(), "application/x-www-form-urlencoded"];
  return [JSON.stringify(body), "application/json"];
}

/** A path is left as it is, since a client may send it in any form. */
function pathOf(url: string, { issuer }: TenantContext): string {
  if (url.startsWith(issuer)) return url.slice(issuer.length - 1);
  if (url.startsWith("/")) return url;
  throw new UserError(
    `The request for ${JSON.stringify(url)} is not for this tenant. Give a path such as "/userinfo", or an address under ${issuer}.`,
  );
}

function told(
  name: string,
  value: number | string | readonly string[] | undefined,
): string | readonly string[] | undefined {
  if (name === "set-cookie" && typeof value === "string") return [value];
  return typeof value === "number" ? String(value) : value;
}

/** Names what happened in the words of a connection, where the injected request was destroyed. */
function rethrow(error: unknown): never {
  if (!(error instanceof Error && "code" in error && error.code === "LIGHT_ECONNRESET")) throw error;
  throw Object.assign(new Error("The tenant cut the connection."), { code: "ECONNRESET" });
}
