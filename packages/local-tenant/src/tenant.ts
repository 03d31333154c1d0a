import { createServer as createHttpsServer } from "node:https";
import type { Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { createActionRunner } from "./actions/runner.ts";
import { Clock } from "./clock.ts";
import type { TenantContext } from "./context.ts";
import { UserError } from "./lib/errors.ts";
import { Family } from "./family.ts";
import { Faults } from "./faults.ts";
import type { Fault } from "./faults.ts";
import { createIds } from "./store/ids.ts";
import type { RandomBytes } from "./store/ids.ts";
import { SigningKeys } from "./store/keys.ts";
import { RequestLog } from "./sessions/request-log.ts";
import type { Directory } from "./directory/directory.ts";
import type { DirectorySource } from "./directory/watch-directory.ts";
import { SignIns } from "./sessions/sign-ins.ts";
import { discoverOverNetwork } from "./management/connections/fetch-discovery.ts";
import type { Discover } from "./management/connections/fetch-discovery.ts";
import { RateLimits } from "./management/rate-limit.ts";
import type { Plan } from "./management/rate-limit.ts";
import { addNewScopes, seed } from "./management/seed.ts";
import { createServer } from "./server.ts";
import type { Disk } from "./store/disk.ts";
import { Store } from "./store/state.ts";
import { createTls } from "./lib/tls.ts";
import type { TlsMaterial } from "./lib/tls.ts";

export interface TenantOptions {
  /**
   * Who works at the company; a function is asked each time, so that the answer may change while the tenant
   * runs.
   */
  readonly directory: Directory | DirectorySource;
  /** Absent or 0: the port that the state remembers, else any free one. */
  readonly port?: number;
  /** Where the state is kept. Absent: in memory. */
  readonly stateFile?: string;
  /** Whether each change is on the disk itself before its answer, so that a power cut does not take it. */
  readonly flush?: boolean;
  /** How the state's files are changed; a test watches it or lets it fail. */
  readonly disk?: Disk;
  /** Absent: made for this run. */
  readonly tls?: TlsMaterial;
  /** Milliseconds since the epoch, as the tenant's clock begins with them; the machine's by default. */
  readonly now?: () => number;
  readonly random?: RandomBytes;
  /** Path of the Node.js that Actions run on; this process's own by default. */
  readonly actionNode?: string;
  /** How the tenant misbehaves from the start. */
  readonly faults?: readonly Fault[];
  /** Whose rate limits apply; none unless told. */
  readonly plan?: Plan;
  /** How an identity provider's discovery document is read; over the network by default. */
  readonly discover?: Discover;
}

/** A running tenant on 127.0.0.1 and, where the machine has it, ::1. */
export interface Tenant {
  readonly context: TenantContext;
  readonly app: FastifyInstance;
  /** PEM of the authority that signed the served certificate. */
  readonly ca: string;
  readonly port: number;
  /** Ends listening, open connections and Action processes, and saves. */
  close(): Promise<void>;
}

/**
 * Starts a local tenant.
 * @throws {UserError} when the port is taken, is not the one of the state, or the state file cannot be read.
 */
export async function startTenant(options: TenantOptions): Promise<Tenant> {
  const { flush, disk } = options;
  const store = new Store(options.stateFile, {
    ...(flush !== undefined && { flush }),
    ...(disk !== undefined && { disk }),
  });
  const port = choosePort(store, options.port);
  const tls = options.tls ?? (await createTls());
  const servers = await listen(tls, port);
  try {
    return await assemble(options, store, tls, servers);
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
}

async function assemble(
  options: TenantOptions,
  store: Store,
  tls: TlsMaterial,
  servers: readonly Server[],
): Promise<Tenant> {
  const port = portOf(servers[0]);
  const domain = `localhost:${port}`;
  const { directory } = options;
  const clock = new Clock(options.now);
  const now = clock.milliseconds;
  const ids = createIds(options.random);
  store.domain = domain;
  const context: TenantContext = {
    domain,
    issuer: `https://${domain}/`,
    managementAudience: `https://${domain}/api/v2/`,
    managementAudiences: [`https://${domain}/api/v2/`],
    ownHeaders: { host: domain },
    clock,
    now,
    ids,
    store,
    keys: new SigningKeys(store, ids, now),
    actions: createActionRunner({
      ca: tls.ca,
      now,
      ...(options.actionNode === undefined ? {} : { node: options.actionNode }),
    }),
    get directory() {
      return typeof directory === "function" ? directory() : directory;
    },
    log: new RequestLog(),
    signIns: new SignIns(now),
    faults: new Faults(),
    rateLimits: new RateLimits(options.plan ?? "off", now),
    discover: options.discover ?? discoverOverNetwork,
  };
  context.faults.replace(options.faults ?? []);
  if (store.existed) addNewScopes(context);
  else seed(context);
  await context.keys.ensure();
  store.save();
  const app = await createServer(new Family(context));
  for (const server of servers) server.on("request", (request, response) => app.routing(request, response));
  return {
    context,
    app,
    ca: tls.ca,
    port,
    async close() {
      await Promise.all(servers.map(closeServer));
      await app.close();
      await context.actions.close();
      store.close();
    },
  };
}

/** The issuer contains the port, so a state is good for only one port. */
function choosePort(store: Store, wanted = 0): number {
  if (!store.existed) return wanted;
  const remembered = Number(store.domain.split(":")[1]);
  if (wanted !== 0 && wanted !== remembered) {
    throw new UserError(
      `The tenant's state belongs to port ${remembered}, which is part of its issuer, but port ${wanted} was asked for. ` +
        `Leave --port out, or begin anew with --reset --port ${wanted}.`,
    );
  }
  return remembered;
}

async function listen(tls: TlsMaterial, port: number): Promise<Server[]> {
  const first = await listenOn(tls, "127.0.0.1", port);
  try {
    return [first, await listenOn(tls, "::1", portOf(first))];
  } catch (error) {
    // A machine without IPv6 has no ::1, and a tenant that listens only on 127.0.0.1 is complete.
    if (errorCode(error) === "EADDRNOTAVAIL" || errorCode(error) === "EAFNOSUPPORT") return [first];
    first.close();
    throw error;
  }
}

function listenOn(tls: TlsMaterial, host: string, port: number): Promise<Server> {
  const server = createHttpsServer({ key: tls.key, cert: tls.cert });
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      reject(errorCode(error) === "EADDRINUSE" ? portTaken(port) : error);
    });
    server.listen({ host, port }, () => {
      server.removeAllListeners("error");
      resolve(server);
    });
  });
}

function portTaken(port: number): UserError {
  return new UserError(
    `Port ${port} is taken by another program. Stop that program, or choose another port with --port N ` +
      "(for a tenant that is kept: --reset --port N, which makes a new one).",
  );
}

function portOf(server: Server | undefined): number {
  // SAFETY: a server that listens on a TCP port has an AddressInfo.
  return (server?.address() as AddressInfo).port;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
