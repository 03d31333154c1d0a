/** Requests of one kind, by method and path with ids left out. */
export interface Kind {
  readonly request: string;
  readonly count: number;
  /** How many of them it takes at least. */
  readonly least: number;
}

const TOKEN = "POST /oauth/token";
const CLIENTS = "/api/v2/clients";
const CONNECTION = "/api/v2/connections/{id}";
const ACTION = "/api/v2/actions/actions/{id}";
const BINDINGS = "/api/v2/actions/triggers/post-login/bindings";

/**
 * The fewest requests that bring the sample's stack onto a tenant and away from it. Each thing is written
 * once, since the answer of a write has all of it; an Action is made and deployed by two requests, and each
 * application's authentication method is a resource of its own. A refresh reads each thing once. What has not
 * changed is not asked for.
 */
export const LEAST: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  preview: {},
  up: {
    [TOKEN]: 1,
    [`POST ${CLIENTS}`]: 2,
    [`PATCH ${CLIENTS}/{id}`]: 2,
    "POST /api/v2/client-grants": 1,
    "POST /api/v2/connections": 1,
    [`PATCH ${CONNECTION}/clients`]: 1,
    "POST /api/v2/actions/actions": 1,
    [`POST ${ACTION}/deploy`]: 1,
    [`PATCH ${BINDINGS}`]: 1,
  },
  "up without a change": {},
  refresh: {
    [TOKEN]: 1,
    [`GET ${CLIENTS}/{id}`]: 2,
    "GET /api/v2/client-grants/{id}": 1,
    [`GET ${CONNECTION}`]: 1,
    [`GET ${CONNECTION}/clients`]: 1,
    [`GET ${ACTION}`]: 1,
    [`GET ${BINDINGS}`]: 1,
  },
  destroy: {
    [TOKEN]: 1,
    [`PATCH ${BINDINGS}`]: 1,
    [`DELETE ${ACTION}`]: 1,
    [`DELETE ${CONNECTION}`]: 1,
    "DELETE /api/v2/client-grants/{id}": 1,
    [`DELETE ${CLIENTS}/{id}`]: 2,
  },
};

/** The requests of one operation by kind, with those that were not sent and would have to be. */
export function kindsOf(
  operation: string,
  requests: readonly { readonly method: string; readonly path: string }[],
): Kind[] {
  const least = LEAST[operation] ?? {};
  const counts = new Map(Object.keys(least).map((request) => [request, 0]));
  for (const { method, path } of requests) {
    const request = `${method} ${withoutIds(path)}`;
    counts.set(request, (counts.get(request) ?? 0) + 1);
  }
  return [...counts]
    .map(([request, count]) => ({ request, count, least: least[request] ?? 0 }))
    .toSorted((one, other) => (one.request < other.request ? -1 : 1));
}

function withoutIds(path: string): string {
  return path
    .replace(/\?.*$/s, "")
    .replace(
      /\/(?:con_\w+|cgr_\w+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9]{32})(?=\/|$)/,
      "/{id}",
    );
}
