import { ActionsOfTenant } from "./actions-of-tenant.ts";
import { createActionRunner } from "./actions/runner.ts";
import { Clock } from "./clock.ts";
import type { RunningContext } from "./context.ts";
import { Family } from "./family.ts";
import { Faults } from "./faults.ts";
import type { Fault } from "./faults.ts";
import { addressesOf } from "./fork.ts";
import { Listener } from "./listener.ts";
import { RunningTenant } from "./running-tenant.ts";
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
  /**
   * Whether it answers before it has its signing keys, which take longer than all the rest of its start. What
   * needs one then waits for it. A tenant that is to be forked or reset has them from the start.
   */
  readonly early?: boolean;
  /** How an identity provider's discovery document is read; over the network by default. */
  readonly discover?: Discover;
}

/**
 * Starts a local tenant on 127.0.0.1 and, where the machine has it, ::1.
 * @throws {UserError} when the port is taken, or the state file cannot be read.
 */
export async function startTenant(options: TenantOptions): Promise<RunningTenant> {
  const { flush, disk } = options;
  const store = new Store(options.stateFile, {
    ...(flush !== undefined && { flush }),
    ...(disk !== undefined && { disk }),
  });
  const port = choosePort(store, options.port);
  const tls = options.tls ?? (await createTls());
  const listener = await Listener.open(tls, port);
  try {
    return await assemble(options, store, tls, listener);
  } catch (error) {
    await listener.close();
    throw error;
  }
}

async function assemble(
  options: TenantOptions,
  store: Store,
  tls: TlsMaterial,
  listener: Listener,
): Promise<RunningTenant> {
  const domain = `localhost:${listener.port}`;
  const { directory } = options;
  const clock = new Clock(options.now);
  const now = clock.milliseconds;
  const ids = createIds(options.random);
  store.domain = domain;
  const place = createActionRunner({
    ca: tls.ca,
    now,
    ...(options.actionNode === undefined ? {} : { node: options.actionNode }),
  });
  const context: RunningContext = {
    ...addressesOf([domain]),
    ownHeaders: { host: domain },
    clock,
    now,
    ids,
    store,
    keys: new SigningKeys(store, ids, now),
    actions: new ActionsOfTenant(place, () => ({ id: family.name(), now }), place),
    get directory() {
      return typeof directory === "function" ? directory() : directory;
    },
    log: new RequestLog(),
    signIns: new SignIns(now),
    faults: new Faults(),
    rateLimits: new RateLimits(options.plan ?? "off", now),
    discover: options.discover ?? discoverOverNetwork,
  };
  const family = new Family(context);
  context.faults.replace(options.faults ?? []);
  if (store.existed) addNewScopes(context);
  else seed(context);
  store.save();
  const keys = options.early === true ? context.keys.ensure() : context.keys.ensureAll();
  keys.catch(() => undefined);
  const app = await createServer(family);
  if (options.early !== true) await keys;
  return new RunningTenant({ app, family, tls }, context, listener, async () => {
    await app.close();
    await context.actions.close();
    await place.close();
    context.keys.close();
    store.close();
  });
}

/** The issuer contains the port, so a kept tenant has the same one again unless it is told another. */
function choosePort(store: Store, wanted = 0): number {
  return wanted !== 0 || !store.existed ? wanted : Number(store.domain.split(":")[1]);
}
