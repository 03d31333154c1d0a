import type { JWTPayload } from "jose";
import { evaluate, waysOf } from "./authentication/evaluate.ts";
import type { Evaluation } from "./authentication/evaluate.ts";
import { createRunFolder, tenantEnvironment } from "./cli/environment.ts";
import { openTenant } from "./cli/open.ts";
import { directoryBehind, findEmployee, SAMPLE_DIRECTORY } from "./directory/directory.ts";
import type { Directory } from "./directory/directory.ts";
import type { DirectorySource } from "./directory/watch-directory.ts";
import type { Fault } from "./faults.ts";
import { Browser } from "./lib/browser.ts";
import { UserError } from "./lib/errors.ts";
import { signIn } from "./lib/sign-in.ts";
import type { Plan } from "./management/rate-limit.ts";
import type { Trace } from "./sessions/traces.ts";
import type { ClientEntity } from "./store/entities.ts";
import { applicationsOf, connectionNamed, findApplication } from "./store/find-by-name.ts";
import type { StateFolder } from "./store/state-folder.ts";
import type { Tenant as RunningTenant } from "./tenant.ts";

/** The claims of a verified ID token. */
export type Claims = JWTPayload;

/** What a tenant is made of; everything may be left out. */
export interface CreateTenantOptions {
  /**
   * Who works at the company: a file, which is read again whenever it has changed; the content of such a
   * file; or a function that is called at each sign-in. The sample company by default.
   */
  readonly directory?: string | Directory | DirectorySource;
  /**
   * Folder that the tenant is kept in. A path is locked until the tenant is closed; whoever passes a
   * `StateFolder` must have taken its lock. By default the tenant is kept in memory.
   */
  readonly state?: string | StateFolder;
  /**
   * Whether each change is on the disk itself before it is answered, so that a power cut does not take it. By
   * default it survives the end of the process only.
   */
  readonly flush?: boolean;
  /**
   * Folder of the certificate and its authority, which are made where they are missing. By default it is
   * that of `state`, or a folder for only this run.
   */
  readonly certificates?: string;
  /** The port; by default that of the state, or any free port where there is no state. */
  readonly port?: number;
  /** Whose rate limits apply; none unless given. */
  readonly plan?: Plan;
  /** Makes the same ids and secrets in each run with the same text. Never for secrets that matter. */
  readonly seed?: string;
  /** How the tenant misbehaves from the start. */
  readonly faults?: readonly Fault[];
}

/** One sign-in of one employee to one application. */
export interface SignInRequest {
  /** The application's name in the tenant, or its client id. */
  readonly application: string;
  /** Email of the employee. */
  readonly employee: string;
  /** Name of the connection; needed where the application has several. */
  readonly connection?: string;
  /** Where the application is sent the code; its first callback by default. */
  readonly redirectUri?: string;
  /** `openid profile email` unless given. */
  readonly scope?: string;
  /** Identifier of the API that the access token is for. */
  readonly audience?: string;
  /** As OpenID Connect defines it. With `none`, the employee's earlier sign-in at this tenant counts. */
  readonly prompt?: string;
}

/** An employee and an application, whose sign-in is worked out but does not happen. */
export interface EvaluateRequest {
  /** The application's name in the tenant, or its client id. */
  readonly application: string;
  /** Email of the employee. */
  readonly employee: string;
  /** Name of the connection; by default every one that can be used. */
  readonly connection?: string;
  /** `openid profile email` unless given. */
  readonly scope?: string;
  /** Identifier of the API that the access token is for. */
  readonly audience?: string;
}

/** What the application has in hand after a sign-in. */
export interface SignIn {
  /** Of the ID token, whose signature, issuer, audience, expiry and nonce were checked. */
  readonly claims: Claims;
  readonly idToken: string;
  readonly accessToken: string;
  /** Present where the application may have one and `scope` names `offline_access`. */
  readonly refreshToken?: string;
  /** Each Action that ran, with its console, its HTTP calls and what it asked for. */
  readonly trace: Trace;
}

/** The tenant's time of day. It goes as fast as the machine's clock, and never stops. */
export interface TenantClock {
  now(): Date;
  /**
   * Moves the clock forward, at once.
   * @param duration A number of milliseconds, or text of a number and a unit, such as `"250ms"`, `"90s"`,
   * `"15m"`, `"12h"`, `"30d"`.
   * @throws {UserError} for anything else, and for a negative one.
   */
  advance(duration: string | number): void;
}

/** A running tenant on this machine. */
export interface Tenant extends AsyncDisposable {
  /** `https://localhost:PORT/`. */
  readonly issuer: string;
  /** `localhost:PORT`. */
  readonly domain: string;
  /** PEM of the authority that signed its certificate. */
  readonly ca: string;
  /** A machine client with every Management API scope. */
  readonly deployer: { readonly clientId: string; readonly clientSecret: string };
  /** Variables that tell another program where the tenant is, how to deploy to it, and whom to trust. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Signs an employee in over HTTPS, as a browser and the application's server would.
   * @throws {SignInError} with the error that the application was told; {UserError} for a name that the
   * tenant does not know.
   */
  signIn(request: SignInRequest): Promise<SignIn>;
  /**
   * Works out what a sign-in of an employee of a directory would come to, without HTTP, browser or signature:
   * the profile that the directory would write, the deployed Actions in their process, the tenant's rules for
   * claims, the tokens and their exact size. The tenant stays as it was.
   * @returns one evaluation for each connection that is enabled for the application and leads to a directory
   * with this employee, in the order in which they were made; none where the employee cannot reach the
   * application.
   * @throws {UserError} for a name that the tenant does not know.
   */
  evaluate(request: EvaluateRequest): Promise<readonly Evaluation[]>;
  /** By which the tenant's sessions, codes, tokens, caches and limits end, and which its Actions see. */
  readonly clock: TenantClock;
  /** The last sign-ins, also those that were refused, the newest first. */
  traces(): readonly Trace[];
  /** Ends the tenant and the processes of its Actions. */
  close(): Promise<void>;
}

/**
 * Starts a tenant.
 * @throws {UserError} one line: a taken port, a directory that cannot be read, a folder that another process
 * has.
 */
export async function createTenant(options: CreateTenantOptions = {}): Promise<Tenant> {
  const { directory = SAMPLE_DIRECTORY, state, certificates, port, plan, seed, flush, faults = [] } = options;
  const open = await openTenant({
    directory,
    inMemory: state === undefined,
    state: state ?? "",
    reset: false,
    faults,
    ...(certificates !== undefined && { certificates }),
    ...(flush !== undefined && { flush }),
    ...(port !== undefined && { port }),
    ...(plan !== undefined && { plan }),
    ...(seed !== undefined && { seed }),
  });
  const { tenant } = open;
  const { clock, domain, issuer, store } = tenant.context;
  const folder = open.caFile === undefined ? createRunFolder(tenant.ca) : undefined;
  const browsers = new Map<string, Browser>();
  const close = async (): Promise<void> => {
    folder?.remove();
    await open.close();
  };
  return {
    issuer,
    domain,
    ca: tenant.ca,
    clock: { now: () => clock.now(), advance: (duration) => clock.advance(duration) },
    deployer: store.deployer,
    environment: tenantEnvironment(tenant, folder?.caFile ?? open.caFile ?? ""),
    signIn: (request) => signInTo(tenant, browsers, request),
    evaluate: (request) => evaluateFor(tenant, request),
    traces: () => tenant.context.signIns.traces.list(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function signInTo(
  tenant: RunningTenant,
  browsers: Map<string, Browser>,
  request: SignInRequest,
): Promise<SignIn> {
  const { context, ca } = tenant;
  const client = applicationNamed(tenant, request.application);
  checkEmployee(tenant, request);
  const browser = browsers.get(request.employee) ?? new Browser(ca);
  browsers.set(request.employee, browser);
  const redirectUri = request.redirectUri ?? client.callbacks?.[0];
  if (redirectUri === undefined) {
    throw new UserError(`The application "${client.name}" has no callback, so nobody can come back to it.`);
  }
  const { employee, connection, scope, audience, prompt } = request;
  const { claims, tokens } = await signIn({
    employee,
    ...(connection !== undefined && { connection }),
    ...(scope !== undefined && { scope }),
    ...(audience !== undefined && { audience }),
    ...(prompt !== undefined && { prompt }),
    issuer: context.issuer,
    ca,
    browser,
    redirectUri,
    now: () => context.clock.now(),
    client: {
      id: client.client_id,
      ...(client.client_secret !== undefined && { secret: client.client_secret }),
    },
  });
  const trace = context.signIns.traces.list().find(({ client: { id } }) => id === client.client_id);
  if (trace === undefined) throw new Error("The tenant kept no trace of this sign-in.");
  const { id_token: idToken, access_token: accessToken, refresh_token: refreshToken } = tokens;
  return { claims, idToken, accessToken, ...(refreshToken !== undefined && { refreshToken }), trace };
}

async function evaluateFor(tenant: RunningTenant, request: EvaluateRequest): Promise<Evaluation[]> {
  const { context } = tenant;
  const { application, employee, connection, ...asked } = request;
  const client = applicationNamed(tenant, application);
  checkEmployee(tenant, request);
  const names = context.store.tables.connections.list().map(({ name }) => name);
  if (connection !== undefined && !names.includes(connection)) {
    const all = names.map((name) => `"${name}"`).join(", ") || "none";
    throw new UserError(`The tenant has no connection "${connection}". It has ${all}.`);
  }
  const ways = waysOf(context, client, employee).filter(
    (way) => connection === undefined || way.connection.name === connection,
  );
  return Promise.all(ways.map((way) => evaluate(context, client, way, asked)));
}

function applicationNamed({ context }: RunningTenant, wanted: string): ClientEntity {
  const found = findApplication(context.store, wanted);
  if (found !== undefined) return found;
  const names = applicationsOf(context.store)
    .map(({ name }) => `"${name}"`)
    .join(", ");
  throw new UserError(`The tenant has no application "${wanted}". It has ${names}.`);
}

/** Refuses an unknown employee at once. The connection decides which directory is asked. */
function checkEmployee({ context }: RunningTenant, { employee, connection }: SignInRequest): void {
  const { directory, store } = context;
  const named = connectionNamed(store, connection);
  const people =
    named === undefined ? [directory, ...(directory.directories ?? [])] : [directoryBehind(directory, named)];
  // People of a database are the tenant's own users.
  const known = people.some((one) => findEmployee(one, employee) !== undefined);
  if (known || store.tables.users.find(({ email }) => email === employee) !== undefined) return;
  throw new UserError(`The directory has no employee "${employee}".`);
}
