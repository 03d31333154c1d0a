import type { LightMyRequestResponse } from "fastify";
import { loadDirectory, SAMPLE_DIRECTORY } from "../../src/directory/directory.ts";
import { startTenant } from "../../src/tenant.ts";
import type { RunningTenant } from "../../src/running-tenant.ts";
import type { TenantOptions } from "../../src/tenant.ts";
import type { Refusal } from "./answers.ts";
import { rootTenant, testTls } from "./root-tenant.ts";

/** The answer of a Management API call; `body` is parsed, or `undefined` where there is none. */
export interface ApiAnswer<T> {
  readonly status: number;
  readonly body: T;
  readonly headers: LightMyRequestResponse["headers"];
}

/** Calls `/api/v2PATH`. Name the body that the test looks at; unless it is named, it is that of a refusal. */
export type Api = <T = Refusal>(
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE",
  path: string,
  body?: unknown,
) => Promise<ApiAnswer<T>>;

/** A tenant of its own for one spec: in memory, on a free port, with the sample company's directory. */
export interface TestTenant {
  readonly tenant: RunningTenant;
  /** Calls as the deployer, with every scope. */
  readonly api: Api;
  /** Calls as the deployer would with a token of these scopes alone. */
  apiWith(scopes: readonly string[]): Api;
  close(): Promise<void>;
}

/** Starts a tenant for a spec; close it in `after`. */
export async function startTestTenant(options: Partial<TenantOptions> = {}): Promise<TestTenant> {
  return testTenantOf(await tenantWith(options));
}

/** What a spec does with a tenant that was started or forked in another way. */
export function testTenantOf(tenant: RunningTenant): TestTenant {
  const grant = tenant.context.store.tables.clientGrants.find(
    (row) => row.client_id === tenant.context.store.deployer.clientId,
  );
  return {
    tenant,
    close: () => tenant.close(),
    api: apiOf(tenant, grant?.scope ?? []),
    apiWith: (scopes) => apiOf(tenant, scopes),
  };
}

/** A fork of the one that all specs of this process share, or, for what a fork cannot have, a new one. */
async function tenantWith({ now, ...others }: Partial<TenantOptions>): Promise<RunningTenant> {
  const clock = now === undefined ? {} : { now };
  if (Object.keys(others).length === 0) return (await rootTenant()).fork({ listen: true, ...clock });
  const directory = loadDirectory(SAMPLE_DIRECTORY);
  return startTenant({ directory, tls: await testTls(), ...clock, ...others });
}

function apiOf(tenant: RunningTenant, scopes: readonly string[]): Api {
  let token: string | undefined;
  return async <T>(method: Parameters<Api>[0], path: string, body?: unknown) => {
    token ??= await deployerToken(tenant, scopes);
    const response = await tenant.app.inject({
      method,
      url: `/api/v2${path}`,
      headers: { host: tenant.context.domain, authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    const parsed: unknown = response.body === "" ? undefined : JSON.parse(response.body);
    // SAFETY: a test names the shape that it asks for, and fails where the answer has another.
    return { status: response.statusCode, body: parsed as T, headers: response.headers };
  };
}

/** An access token of the deployer, signed by the tenant itself. */
async function deployerToken({ context }: RunningTenant, scopes: readonly string[]): Promise<string> {
  const { clientId } = context.store.deployer;
  const now = Math.floor(context.now() / 1000);
  return context.keys.sign({
    iss: context.issuer,
    sub: `${clientId}@clients`,
    aud: context.managementAudience,
    iat: now,
    exp: now + 86_400,
    scope: scopes.join(" "),
    gty: "client-credentials",
    azp: clientId,
  });
}
