import assert from "node:assert/strict";
import fc from "fast-check";
import type { Operation } from "../../src/management/operation.ts";
import { operations } from "../../src/management/operations.ts";
import { managementScopes } from "../../src/management/management-scopes.ts";
import type { Schema } from "../../src/management/json-schema.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

/** How many requests are sent in all; more with GENERATED_REQUESTS. */
const REQUESTS = Number(process.env["GENERATED_REQUESTS"] ?? 2000);
const PER_RUN = 20;

/** Text as people and attackers write it: names that exist, markup, paths, prototypes, control characters. */
const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom(
    "post-login",
    "Username-Password-Authentication",
    "__proto__",
    "constructor",
    "toString",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "a\r\nset-cookie: x=y",
    "%2e%2e%2f",
    "%",
    'email:a* AND (NOT name:"b" OR _exists_:c',
    "logins_count:[1 TO *}",
    "https://localhost/",
    "user@example.com",
  ),
);

/** Something that fits a schema more often than not. */
function fitting(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  switch (types[0]) {
    case "boolean":
      return fc.boolean();
    case "integer":
    case "number":
      return fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 1000, 100_000) });
    case "string":
      return fittingText(schema);
    case "array":
      return fc.array(fitting(schema.items ?? {}), { maxLength: 3 });
    case "object":
      return objectFor(schema);
    default:
      return fc.jsonValue({ maxDepth: 3 });
  }
}

function fittingText({ format, pattern, minLength = 0, maxLength = 200 }: Schema): fc.Arbitrary<string> {
  if (format === "email") return fc.constantFrom("user@example.com", "Other@Example.com");
  if (format === "uri") return fc.constant("https://example.com/x");
  if (format === "date-time") return fc.constant("2030-01-01T00:00:00Z");
  if (pattern !== undefined) return fc.constantFrom("name-1", "name-2", "+491234567", "en", "text");
  return text.map((value) => value.padEnd(minLength, "x").slice(0, maxLength));
}

function objectFor(schema: Schema): fc.Arbitrary<unknown> {
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) return fc.dictionary(text, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
  return fc.record(Object.fromEntries(properties.map(([key, value]) => [key, fitting(value)])), {
    requiredKeys: [...(schema.required ?? [])],
  });
}

interface Request {
  readonly operation: Operation;
  readonly params: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What the body of a refusal should hold. */
interface Refusal {
  readonly statusCode?: unknown;
  readonly error?: unknown;
  readonly message?: unknown;
}

const request: fc.Arbitrary<Request> = fc.constantFrom(...operations).chain((operation) => {
  const names = [
    "page",
    "per_page",
    "take",
    "from",
    "fields",
    "include_fields",
    "include_totals",
    "q",
    "sort",
    "name",
  ];
  return fc.record({
    operation: fc.constant(operation),
    params: fc.array(
      fc.oneof({ weight: 3, arbitrary: fc.constantFrom("@known") }, { weight: 1, arbitrary: text }),
      {
        minLength: 3,
        maxLength: 3,
      },
    ),
    query: fc.dictionary(
      fc.constantFrom(...names),
      fc.oneof(text, fc.constantFrom("0", "1", "true", "100")),
      {
        maxKeys: 3,
      },
    ),
    body:
      operation.body === undefined
        ? fc.constant(undefined)
        : fc.oneof(
            { weight: 4, arbitrary: fitting(operation.body) },
            { weight: 1, arbitrary: fc.jsonValue() },
          ),
  });
});

describe("Generated requests", () => {
  const test = perSuite(() => startTestTenant({ discover: async () => undefined }));

  /** Puts ids of what exists into the path, so that the requests reach further than a 404. */
  function pathOf({ operation, params, query }: Request): string {
    const { tables } = test.tenant.context.store;
    const known: Record<string, string | undefined> = {
      "/actions/actions/": tables.actions.list().at(-1)?.id,
      "/actions/triggers/": "post-login",
      "/clients/": tables.clients.list().at(-1)?.client_id,
      "/client-grants/": tables.clientGrants.list().at(-1)?.id,
      "/connections/": tables.connections.list().at(-1)?.id,
      "/resource-servers/": tables.resourceServers.list().at(-1)?.id,
      "/roles/": tables.roles.list().at(-1)?.id,
      "/users/": tables.users.list().at(-1)?.user_id,
      "/keys/signing/": tables.signingKeys.list().at(0)?.kid,
    };
    const exists = Object.entries(known).find(([prefix]) => operation.path.startsWith(prefix))?.[1];
    let index = 0;
    const path = operation.path.replace(/:(\w+)/g, () => {
      const value = params[index++] ?? "x";
      return encodeURIComponent(value === "@known" ? (exists ?? "x") : wellFormed(value));
    });
    const pairs = Object.entries(query).map(
      ([key, value]) => `${key}=${encodeURIComponent(wellFormed(value))}`,
    );
    return pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
  }

  /** With a token of its own each time: some of the requests revoke the key of the one before. */
  async function call(each: Request): Promise<{ status: number; body: Refusal }> {
    const { app, context } = test.tenant;
    const token = await context.keys.sign({
      iss: context.issuer,
      aud: context.managementAudience,
      exp: Math.floor(Date.now() / 1000) + 60,
      scope: managementScopes.join(" "),
    });
    const response = await app.inject({
      method: each.operation.method,
      url: `/api/v2${pathOf(each)}`,
      headers: {
        host: context.domain,
        authorization: `Bearer ${token}`,
        ...(each.body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(each.body === undefined ? {} : { payload: JSON.stringify(each.body) }),
    });
    assert.notEqual(response.statusCode, 401);
    return {
      status: response.statusCode,
      // SAFETY: looked into only where the status says that it is a refusal.
      body: (response.body === "" ? {} : JSON.parse(response.body)) as Refusal,
    };
  }

  it(`are never answered with a 500, and with JSON in Auth0's shape where refused (${REQUESTS} requests)`, async function () {
    this.timeout(Math.max(60_000, REQUESTS * 40));
    const seen = new Set<string>();
    const done = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: PER_RUN, maxLength: PER_RUN }), async (requests) => {
        for (const each of requests) {
          const answer = await call(each);
          seen.add(each.operation.id);
          if (answer.status < 300) done.add(each.operation.id);
          assert.ok(
            answer.status < 500,
            `${each.operation.method} ${pathOf(each)} answered ${answer.status}`,
          );
          if (answer.status < 400) continue;
          assert.equal(answer.body.statusCode, answer.status);
          assert.equal(typeof answer.body.error, "string");
          assert.equal(typeof answer.body.message, "string");
        }
      }),
      { numRuns: Math.ceil(REQUESTS / PER_RUN), endOnFailure: true },
    );
    if (REQUESTS < 2000) return;
    assert.equal(seen.size, operations.length, "every operation was called");
    assert.ok(done.size > operations.length / 2, `only ${done.size} operations were ever carried out`);
  });
});

/**
 * `encodeURIComponent` throws on half a surrogate pair, and a segment of one or two dots is not part of a
 * path: it leads to another one.
 */
function wellFormed(value: string): string {
  return value.replace(/[\ud800-\udfff]/g, "?").replace(/^\.{1,2}$/, "x");
}
