import type { JWTPayload } from "jose";
import type { Evaluation } from "./authentication/evaluate.ts";
import type { Directory } from "./directory/directory.ts";
import type { DirectorySource } from "./directory/watch-directory.ts";
import type { Fault } from "./faults.ts";
import type { InjectRequest, InjectResponse } from "./inject.ts";
import type { Plan } from "./management/rate-limit.ts";
import type { ForkOptions } from "./running-tenant.ts";
import type { Trace } from "./sessions/traces.ts";
import type { StateFolder } from "./store/state-folder.ts";

/** The claims of a verified ID token. */
export type Claims = JWTPayload;

/** What a tenant is made of; everything may be left out. */
export interface CreateTenantOptions {
  /**
   * Who works at the company: a file, which is read again whenever it has changed; the content of such a
   * file, which is not looked at again when it is changed in place; or a function that is called at each
   * sign-in. The sample company by default.
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
  /**
   * Whether the requests go to the tenant's port, over TLS. By default they are answered in this process,
   * with the same result.
   */
  readonly https?: boolean;
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

/** How a tenant was at one moment. */
export interface Snapshot {
  /** The tenant's time then. */
  readonly time: Date;
}

/** A running tenant on this machine. */
export interface Tenant extends AsyncDisposable {
  /**
   * `https://localhost:PORT/`; for a fork without a port of its own, that of the tenant it was forked from.
   */
  readonly issuer: string;
  /** `localhost:PORT`, as in `issuer`. */
  readonly domain: string;
  /** PEM of the authority that signed its certificate. */
  readonly ca: string;
  /** A machine client with every Management API scope. */
  readonly deployer: { readonly clientId: string; readonly clientSecret: string };
  /**
   * Variables that tell another program where the tenant is, how to deploy to it, and whom to trust.
   * @throws {UserError} for a fork without a port of its own, which no other program can reach.
   */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Signs an employee in, as a browser and the application's server would, with the same checks on both
   * sides. Each employee has a browser, whose sessions last over sign-ins.
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
  /** Answers a request without a socket, as it would be answered at the tenant's port. */
  inject(request: InjectRequest): Promise<InjectResponse>;
  /**
   * Makes a tenant that is as this one is now: what is deployed, users, sessions, tokens, faults, limits and
   * the time. It is in memory, and nothing that happens to one of the two is seen by the other: Actions run
   * in a fresh instance of their module, and reach this fork when they call the tenant. It takes some
   * milliseconds, and memory for what becomes different.
   */
  fork(options?: ForkOptions): Promise<Tenant>;
  /** Remembers how the tenant is now, at no cost, so that `reset` can go back to it. */
  snapshot(): Snapshot;
  /**
   * Goes back to a snapshot of this tenant, or without one to how the tenant was when it was made or forked:
   * rows, sessions, tokens, keys, faults, limits, traces, the time and the browsers of `signIn`. What Actions
   * keep in their module or in `api.cache` is forgotten. Requests should be over by then.
   */
  reset(snapshot?: Snapshot): void;
  /** Ends the tenant and its forks and, with the first tenant, the processes of Actions. */
  close(): Promise<void>;
}
