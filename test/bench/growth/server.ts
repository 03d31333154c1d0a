import { readdirSync, rmSync, statSync } from "node:fs";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { loadDirectory, StateFolder } from "../../../packages/local-tenant/src/index.ts";
import { loadTls } from "../../../packages/local-tenant/src/lib/tls.ts";
import { startTenant } from "../../../packages/local-tenant/src/tenant.ts";
import { CHECKOUT } from "../../support/sample.ts";
import { Connection } from "../client/connection.ts";
import type { Answer } from "../client/connection.ts";
import { learn, signIn, Worker } from "../client/sign-in.ts";
import { keepDeployed, serveOurs } from "../subjects/ours.ts";
import type { Served } from "../subjects/subject.ts";
import { DATABASE, directoryOf, emailOf, fill } from "./scenarios.ts";
import type { Scenario } from "./scenarios.ts";

/** A request that is measured; all of them over one connection, one after the other. */
export const OPERATIONS = [
  "sign-in",
  "get a user",
  "PATCH a user",
  "get a client",
  "PATCH a client",
  "search users",
  "create a user",
] as const;

export type Operation = (typeof OPERATIONS)[number];

/** A running tenant of a scenario. */
export interface Server {
  readonly served: Served;
  /** Bytes of the tenant's files, its certificate left out. */
  readonly diskBytes: number;
  /** Milliseconds of one request, or of one sign-in. */
  run(operation: Operation): Promise<number>;
  /** Milliseconds from the start of a new process to its first answer, with the same state. */
  restart(): Promise<number>;
  close(): Promise<void>;
}

/** Deploys the stack, fills the state up, and starts the tenant from it. */
export async function openServer(folder: string, scenario: Scenario): Promise<Server> {
  const own = mkdtempSync(join(folder, "growth-"));
  const { state, port, target: deployed, deployer } = await keepDeployed(CHECKOUT, own);
  const { file, who } = directoryOf(own, scenario);
  const target = { ...deployed, people: who };
  await fillState(state, file, scenario);
  const flags = ["--port", String(port), "--directory", file, "--state", state];
  const start = (): Promise<Served> => serveOurs(CHECKOUT, flags, port, async () => target);
  let served = await start();
  const known = await learn(await served.target());
  const diskBytes = bytesOf(state);
  let worker = new Worker(target);
  const api = new Connection(target.issuer, target.ca);
  const token = await tokenOf(api, deployer, target.issuer);
  let count = 0;
  const request = (operation: Exclude<Operation, "sign-in">): Promise<Answer> => {
    count += 1;
    const user = (count * 7_919) % scenario.users;
    const client = (count * 7_919) % (scenario.clients ?? 1);
    const userPath = `/api/v2/users/auth0%7C${user}`;
    switch (operation) {
      case "get a user":
        return api.call("GET", userPath, token);
      case "PATCH a user":
        return api.call("PATCH", userPath, token, { user_metadata: { count } });
      case "get a client":
        return api.call("GET", `/api/v2/clients/client-${client}`, token);
      case "PATCH a client":
        return api.call("PATCH", `/api/v2/clients/client-${client}`, token, { description: `${count}` });
      case "search users":
        return api.call("GET", `/api/v2/users?search_engine=v3&q=email:"${emailOf(user)}"`, token);
      case "create a user": {
        const body = { connection: DATABASE, email: `new-${count}@xyz.example`, password: "Correct-horse-1" };
        return api.call("POST", "/api/v2/users", token, body);
      }
    }
  };
  return {
    get served() {
      return served;
    },
    diskBytes,
    async run(operation) {
      const person = who[count % who.length];
      const started = performance.now();
      if (operation === "sign-in" && person !== undefined) {
        count += 1;
        await signIn(known, worker, person);
        return performance.now() - started;
      }
      if (operation === "sign-in") throw new Error("Nobody can sign in.");
      const answer = await request(operation);
      if (answer.status >= 300) throw new Error(`${operation} answered ${answer.status}: ${answer.body}`);
      return performance.now() - started;
    },
    async restart() {
      worker.close();
      await served.close();
      served = await start();
      worker = new Worker(target);
      return served.startMilliseconds;
    },
    async close() {
      worker.close();
      api.close();
      await served.close();
      rmSync(own, { recursive: true, force: true });
    },
  };
}

/** Fills a state up that no tenant uses at the moment. */
export async function fillState(state: string, directory: string, scenario: Scenario): Promise<void> {
  const folder = new StateFolder(state);
  const tls = await loadTls(folder.tlsFolder);
  const options = { directory: loadDirectory(directory), tls, stateFile: folder.stateFile };
  const tenant = await startTenant(options);
  fill(tenant.context, scenario);
  await tenant.close();
}

async function tokenOf(
  api: Connection,
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
  issuer: string,
): Promise<string> {
  const { body } = await api.call("POST", "/oauth/token", "", {
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    audience: `${issuer}api/v2/`,
  });
  // SAFETY: a token answer; a token that is missing fails the next request.
  return (JSON.parse(body) as { access_token: string }).access_token;
}

function bytesOf(state: string): number {
  const files = readdirSync(state).filter((name) => name.startsWith("tenant"));
  return files.reduce((sum, name) => sum + statSync(join(state, name)).size, 0);
}
