import type { FastifyRequest } from "fastify";
import type { TenantContext } from "../context.ts";
import { OWN_DOMAIN, storedRow } from "../store/own-address.ts";

/** How many rows the tenant's log keeps. */
const LIMIT = 1000;

/** Who sent a request, and to which host, as log rows and `event.request` say it. */
export interface RequestDetails {
  readonly ip: string;
  readonly userAgent: string;
  readonly hostname: string;
}

export function requestDetails(request: FastifyRequest): RequestDetails {
  return {
    ip: request.ip,
    userAgent: String(request.headers["user-agent"] ?? "").slice(0, 512),
    hostname: (request.headers.host ?? "localhost").replace(/:\d+$/, ""),
  };
}

/** What a log row may tell beside its type. */
export interface LogFields {
  readonly description?: string;
  readonly client_id?: string;
  readonly client_name?: string;
  readonly connection?: string;
  readonly connection_id?: string;
  readonly strategy?: string;
  readonly user_id?: string;
  readonly user_name?: string;
  readonly scope?: string;
  readonly audience?: string;
  readonly session_id?: string;
  readonly details?: Record<string, unknown>;
}

/**
 * Adds an event to the tenant's log, with Auth0's type codes (docs deploy-monitor/logs/log-event-type-codes):
 * `s` and `f` for a sign-in, `fp` for a wrong password, `seacft`/`feacft` for a code exchange,
 * `sertft`/`fertft` for a refresh token, `seccft`/`feccft` for client credentials, `ssa`/`fsa` for silent
 * sign-ons, `slo`/`flo` for logouts.
 */
export function logEvent(
  context: TenantContext,
  type: string,
  request: RequestDetails,
  fields: LogFields = {},
): void {
  const { store, ids } = context;
  const date = new Date(context.now());
  const id = `9002${date.toISOString().replace(/\D/g, "")}${ids.hex(16)}${ids.hex(12)}`;
  const row = {
    date: date.toISOString(),
    type,
    ...fields,
    ip: request.ip,
    user_agent: request.userAgent,
    hostname: OWN_DOMAIN,
    log_id: id,
    _id: id,
    isMobile: false,
  };
  store.tables.logs.put(storedRow(context, "logs", row));
  store.tables.logs.trim(LIMIT);
}
