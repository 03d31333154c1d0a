import type { Access } from "./access.ts";
import { sendJson } from "./https.ts";

/** Something of the tenant that has a name. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/** One entry of the post-login flow, in its order. */
export interface BoundAction {
  readonly actionId: string;
  /** The Action's own name. */
  readonly name: string;
  /** Its name in the flow. */
  readonly displayName: string;
}

/**
 * What a tenant has of the kinds that a stack could change or clash with. A list that could not be read is
 * absent.
 */
export interface TenantLook {
  readonly bindings?: readonly BoundAction[];
  readonly actions?: readonly Named[];
  readonly connections?: readonly Named[];
  readonly clients?: readonly Named[];
  /** Why lists are absent, a sentence each. */
  readonly errors: readonly string[];
}

/** Milliseconds. A person who runs a preview does not wait longer for its first answer. */
const DEADLINE = 10_000;
/** Auth0 gives no more rows than this by page number. */
const MAX_ROWS = 1000;

/**
 * Looks at the tenant with GET requests only. Everything that goes wrong is in `errors`.
 *
 * @param access How to ask the tenant.
 */
export async function lookAtTenant(access: Access, deadline = DEADLINE): Promise<TenantLook> {
  const signal = AbortSignal.timeout(deadline);
  let token: string;
  try {
    token = await fetchToken(access, signal);
  } catch (error) {
    return { errors: [`${access.domain} gave no token: ${reasonOf(error, signal)}`] };
  }
  const errors: string[] = [];
  const read = async <Row>(
    what: string,
    path: string,
    list: string,
    row: (value: Fields) => Row,
    perPage = 100,
  ) => {
    try {
      return await readPages(access, { token, path, list, row, perPage, signal });
    } catch (error) {
      errors.push(`${access.domain} did not show its ${what}: ${reasonOf(error, signal)}`);
      return undefined;
    }
  };
  const fields = "include_fields=true";
  const [bindings, actions, connections, clients] = await Promise.all([
    read("post-login flow", "/actions/triggers/post-login/bindings", "bindings", boundAction),
    // Few at a time: each comes with its code, which may have 100 kB.
    read("Actions", "/actions/actions", "actions", (value) => named(value, "id"), 20),
    read(
      "connections",
      `/connections?fields=id%2Cname&${fields}&include_totals=true`,
      "connections",
      (value) => named(value, "id"),
    ),
    read("clients", `/clients?fields=client_id%2Cname&${fields}&include_totals=true`, "clients", (value) =>
      named(value, "client_id"),
    ),
  ]);
  return {
    ...(bindings !== undefined && { bindings }),
    ...(actions !== undefined && { actions }),
    ...(connections !== undefined && { connections }),
    ...(clients !== undefined && { clients }),
    errors: errors.toSorted(),
  };
}

type Fields = Readonly<Record<string, unknown>>;

async function fetchToken({ domain, credentials, ca }: Access, signal: AbortSignal): Promise<string> {
  if ("token" in credentials) return credentials.token;
  const { status, body } = await sendJson({
    method: "POST",
    url: `https://${domain}/oauth/token`,
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({
      grant_type: "client_credentials",
      client_id: credentials.clientId,
      client_secret: credentials.clientSecret,
      audience: credentials.audience,
    }),
    ...(ca !== undefined && { ca }),
    signal,
  });
  const token = objectOf(body)["access_token"];
  if (status === 200 && typeof token === "string") return token;
  throw new Error(refusal(status, body));
}

interface PagesRequest<Row> {
  readonly token: string;
  readonly path: string;
  readonly list: string;
  readonly row: (value: Fields) => Row;
  readonly perPage: number;
  readonly signal: AbortSignal;
}

async function readPages<Row>({ domain, ca }: Access, request: PagesRequest<Row>): Promise<Row[]> {
  const { token, path, list, row, perPage, signal } = request;
  const found: Row[] = [];
  for (let page = 0; page < MAX_ROWS / perPage; page += 1) {
    const { status, body } = await sendJson({
      method: "GET",
      url: `https://${domain}/api/v2${path}${path.includes("?") ? "&" : "?"}page=${page}&per_page=${perPage}`,
      headers: { authorization: `Bearer ${token}`, accept: "application/json" },
      ...(ca !== undefined && { ca }),
      signal,
    });
    if (status !== 200) throw new Error(refusal(status, body));
    const rows = objectOf(body)[list];
    if (!Array.isArray(rows)) throw new Error(`the answer has no list "${list}"`);
    found.push(...rows.map((value) => row(objectOf(value))));
    if (rows.length < perPage) return found;
  }
  throw new Error(`it has more than ${MAX_ROWS} of them`);
}

function named(value: Fields, id: string): Named {
  return { id: textOf(value[id]), name: textOf(value["name"]) };
}

function boundAction(value: Fields): BoundAction {
  const action = objectOf(value["action"]);
  const name = textOf(action["name"]);
  return { actionId: textOf(action["id"]), name, displayName: textOf(value["display_name"]) || name };
}

/** Auth0's own words for a refusal. They name a missing scope, and never repeat what was sent. */
function refusal(status: number, body: unknown): string {
  const { message, error_description: description, error } = objectOf(body);
  const words = [message, description, error].find((text) => typeof text === "string" && text !== "");
  return `${status} ${oneLine(textOf(words))}`.trim();
}

function reasonOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "it did not answer in time";
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return [code, oneLine(error instanceof Error ? error.message : "")]
    .filter((text) => text !== "")
    .join(": ");
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").slice(0, 200);
}

function objectOf(value: unknown): Fields {
  // SAFETY: an object of JSON has text keys.
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
