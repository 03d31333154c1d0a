import type { TestApplication } from "../../packages/local-tenant/test/support/application.ts";
import { Agent, answerOf, payloadOf } from "../../packages/local-tenant/test/support/oauth.ts";
import type { TestTenant } from "../../packages/local-tenant/test/support/tenant.ts";

/** How one sign-in ended. */
export interface SignInResult {
  /** The connection that it went over; empty when the application had none. */
  readonly connection: string;
  /** What the Action's log line says, such as `ok`; empty when no Action ran. */
  readonly outcome: string;
  /** The groups in the ID token. */
  readonly groups?: readonly string[];
  /** Why there is no token. */
  readonly error?: string;
}

const claim = "https://xyz.example/claims/groups";

/**
 * Signs an employee in to a deployed application over each connection that the application has at the moment.
 */
export async function signInOverEach(test: TestTenant, application: string): Promise<SignInResult[]> {
  const names = connectionsOf(test, application);
  if (names.length === 0) return [{ connection: "", outcome: "", error: "no connection leads to it" }];
  const results: SignInResult[] = [];
  for (const name of names) {
    const result = await signInOver(test, application, name);
    // A connection that has gone meanwhile has not failed anybody who could still have chosen it.
    if (result.error === undefined || connectionsOf(test, application).includes(name)) results.push(result);
  }
  return results;
}

/**
 * Signs employees in before and after each change that an operation makes to the tenant, one after the other,
 * and once more when it has ended. Between two changes there is nothing new to see.
 */
export async function signInsDuring(
  test: TestTenant,
  application: string,
  operation: () => Promise<unknown>,
): Promise<SignInResult[]> {
  let ended = false;
  let change: () => void = () => undefined;
  const stopListening = test.tenant.context.log.onRequest(({ method, path }) => {
    if (method !== "GET" && path.startsWith("/api/v2/")) change();
  });
  const running = operation().finally(() => {
    ended = true;
    change();
  });
  const results: SignInResult[] = [];
  try {
    while (!ended) {
      const changed = new Promise<void>((resolve) => (change = resolve));
      results.push(...(await signInOverEach(test, application)));
      if (!ended) await changed;
    }
  } finally {
    stopListening();
    await running;
  }
  return [...results, ...(await signInOverEach(test, application))];
}

async function signInOver(test: TestTenant, application: string, connection: string): Promise<SignInResult> {
  const agent = new Agent(test);
  const deployed = deployedApplication(test, application, connection);
  try {
    const redirect = await agent.signIn(deployed);
    const { code, error_description: reason } = answerOf(redirect);
    const outcome = lastOutcome(test);
    if (code === undefined) return { connection, outcome, error: reason ?? `${redirect.statusCode}` };
    const answer = (await agent.exchange(deployed, code)).json<Record<string, string>>();
    const payload = payloadOf(answer["id_token"]);
    const groups = payload[claim] as string[] | undefined;
    return { connection, outcome, ...(groups !== undefined && { groups }) };
  } catch (error) {
    return { connection, outcome: "", error: error instanceof Error ? error.message : String(error) };
  }
}

function connectionsOf({ tenant }: TestTenant, application: string): string[] {
  const { clients, connections } = tenant.context.store.tables;
  const id = clients.find(({ name }) => name === application)?.client_id ?? "";
  return connections
    .list(({ enabled_clients: enabled }) => (enabled ?? []).includes(id))
    .map(({ name }) => name);
}

function deployedApplication({ tenant }: TestTenant, application: string, name: string): TestApplication {
  const { clients, connections } = tenant.context.store.tables;
  const client = clients.find((row) => row.name === application);
  const connection = connections.find((row) => row.name === name);
  if (client === undefined || connection === undefined) throw new Error(`${application} or ${name} is gone.`);
  const secret = client.client_secret ?? "";
  return {
    client: { ...client, client_secret: secret },
    connection,
    redirectUri: client.callbacks?.[0] ?? "",
  };
}

function lastOutcome({ tenant }: TestTenant): string {
  const lines = tenant.context.signIns.traces.list()[0]?.actions.flatMap(({ console }) => console) ?? [];
  return (
    /outcome=(\S+)/.exec(lines.map((line) => JSON.stringify(line)).join("\n"))?.[1]?.replace(/".*/, "") ?? ""
  );
}
