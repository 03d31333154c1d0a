/** A JSON object whose meaning is decided elsewhere. */
export type PlainObject = Record<string, unknown>;

/** The version of an Action that is deployed: what runs at sign-in. */
export interface DeployedAction {
  readonly id: string;
  readonly name: string;
  /** A new version gets new instances; the old ones end when they are idle. */
  readonly versionId: string;
  /** CommonJS source, as uploaded. */
  readonly code: string;
  /** `node18`, `node22` and so on, as the Action asked for it. */
  readonly runtime: string;
  readonly dependencies: readonly { readonly name: string; readonly version: string }[];
  readonly secrets: Readonly<Record<string, string>>;
}

/** The handler to call: the second one after a redirect. */
export type EntryPoint = "onExecutePostLogin" | "onContinuePostLogin";

/** One sign-in, as far as the post-login trigger sees it. */
export interface PostLoginFlow {
  /** In binding order. */
  readonly actions: readonly DeployedAction[];
  /** The documented event, plain JSON, without `secrets`: each Action gets its own. It is never changed. */
  readonly event: PlainObject;
  /**
   * `onContinuePostLogin` applies only to the Action of `resumeAt`; those after it run `onExecutePostLogin`.
   */
  readonly entry: EntryPoint;
  /** Id of the Action that redirected; those before it do not run again. */
  readonly resumeAt?: string;
  /** What the part of the flow before the redirect left. */
  readonly transactionMetadata?: Readonly<Record<string, TransactionValue>>;
  /** Milliseconds for all Actions together; 20,000 by default, as in production. */
  readonly budgetMs?: number;
  readonly lookups: FlowLookups;
}

/** The documented event as an Action sees it, as far as its `api` reads or changes it. */
export interface ActionEvent {
  secrets?: Readonly<Record<string, string>>;
  configuration?: Readonly<Record<string, never>>;
  readonly transaction?: { readonly protocol?: string; metadata?: Record<string, TransactionValue> };
  readonly request?: {
    readonly hostname?: string;
    readonly ip?: string;
    readonly query?: Readonly<Record<string, unknown>>;
    readonly body?: Readonly<Record<string, unknown>>;
  };
  readonly session?: SessionOfEvent;
  readonly refresh_token?: SessionOfEvent;
  readonly user?: { readonly user_id?: string };
}

/** `event.session` or `event.refresh_token`. */
export interface SessionOfEvent {
  metadata?: Readonly<Record<string, string>>;
}

/** A value in `event.transaction.metadata`. */
export type TransactionValue = string | number | boolean | null;

/** A group as `api.groups.getUserGroups()` answers it. */
export interface UserGroup {
  readonly id: string;
  readonly name: string;
  readonly external_id?: string;
  readonly connection_id?: string;
  readonly tenant_name: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly membership_created_at: string;
  readonly assignment: string;
}

/** The answer of `api.groups.hasGroupMembership()`. */
export interface GroupMembership {
  readonly memberships: Readonly<
    Record<
      string,
      {
        readonly is_member: boolean;
        readonly matches?: readonly { id: string; name: string; group_type: string }[];
      }
    >
  >;
  readonly errors?: Readonly<Record<string, string>>;
}

/**
 * What an Action may ask the tenant during its run; answered for the user of the flow. A rejection is thrown
 * in the Action with the same message. The parameters were checked before the call.
 */
export interface FlowLookups {
  getUserGroups(page: { take?: number; from?: string }): Promise<{ groups: UserGroup[]; next?: string }>;
  /** `groups` are names or ids. */
  hasGroupMembership(groups: string[]): Promise<GroupMembership>;
  /** Roles that apply to the user, those inherited from groups among them. */
  getUserEffectiveRoles(page: {
    take?: number;
    from?: string;
  }): Promise<{ roles: { id: string; name: string }[]; next?: string }>;
}

/** An HTTP request that an Action sent. Holds no header, no body, no user info and no query value. */
export interface HttpCall {
  readonly method: string;
  /** Query values are replaced by `***`. */
  readonly url: string;
  /** Absent when no answer came. */
  readonly status?: number;
  readonly milliseconds: number;
}

/** One line that an Action wrote to its console. */
export interface ConsoleLine {
  readonly level: "log" | "info" | "debug" | "warn" | "error";
  readonly text: string;
  /** How many characters of `text` production would keep in its execution log (256 for each Action run). */
  readonly kept: number;
}

/** What happened while one Action ran; nothing in it is a secret unless the Action printed it. */
export interface ActionRun {
  readonly id: string;
  readonly name: string;
  readonly entry: EntryPoint;
  readonly milliseconds: number;
  /**
   * Whether it was the first run of its process. The first run of a tenant in a process that has run for
   * another one loads the Action's module anew, and is not cold.
   */
  readonly cold: boolean;
  readonly console: readonly ConsoleLine[];
  readonly httpCalls: readonly HttpCall[];
  /** What differs from production: the Node version, a dependency's version, output that was cut. */
  readonly warnings: readonly string[];
  /** Message of the error that ended the run. */
  readonly error?: string;
}

/**
 * Where a flow ended, and everything that the Actions asked for. The tenant decides which part of it a token
 * may carry.
 */
export interface FlowOutcome {
  readonly status: "completed" | "denied" | "failed" | "redirect";
  /** With `denied`: the reason that the application gets as `error_description`. */
  readonly denial?: Denial;
  /** With `failed`: the application gets `access_denied` with this message. */
  readonly error?: FlowError;
  /** With `redirect`: where to send the browser, and the Action to resume at. */
  readonly redirect?: { readonly url: string; readonly actionId: string };
  /** In the order in which they were set. A claim that was last set to `undefined` is absent. */
  readonly idTokenClaims: Readonly<Record<string, unknown>>;
  readonly accessTokenClaims: Readonly<Record<string, unknown>>;
  readonly scopes: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly samlAttributes: Readonly<Record<string, unknown>>;
  /**
   * Patches to merge at the root, `null` removes a key: one write after the flow, also after a denial or an
   * error.
   */
  readonly appMetadata: Readonly<Record<string, unknown>>;
  readonly userMetadata: Readonly<Record<string, unknown>>;
  /** As `event.transaction.metadata` stood at the end. */
  readonly transactionMetadata: Readonly<Record<string, TransactionValue>>;
  /**
   * The configuration that `api.samlResponse` was given beside attributes: `audience`, `recipient` and so on.
   */
  readonly samlConfiguration: Readonly<Record<string, unknown>>;
  /**
   * The URLs given to `api.authentication.recordMethod`, for `event.authentication.methods` of later
   * sign-ins.
   */
  readonly recordedMethods: readonly string[];
  readonly session: SessionChanges;
  readonly refreshToken: SessionChanges;
  readonly runs: readonly ActionRun[];
}

/** Why a flow failed, with a message that is fit for the application and names no path of this machine. */
export interface FlowError {
  readonly message: string;
  readonly actionId: string;
  /**
   * `thrown` by the Action; `timeout` of the flow; `crashed`: its process ended; `signature`: no such
   * handler; `unsupported`: a part of the API that the local tenant lacks; `limit`: it asked for more than
   * can be kept; `dependency`: a declared package cannot be installed; `closed`: the runner was closed
   * meanwhile.
   */
  readonly kind:
    "thrown" | "timeout" | "crashed" | "signature" | "unsupported" | "limit" | "dependency" | "closed";
}

/** Why a sign-in was refused by an Action. */
export interface Denial {
  readonly reason: string;
  readonly actionId: string;
  /** The code that `api.validation.error` was given. */
  readonly code?: string;
}

/** What Actions asked for about the session or the refresh token of this sign-in. */
export interface SessionChanges {
  /** Set by `revoke`, together with `denial`. */
  readonly revoked?: { readonly reason: string; readonly preserveRefreshTokens: boolean };
  /** Milliseconds since the epoch; the earliest of all that were asked for. */
  readonly expiresAt?: number;
  readonly idleExpiresAt?: number;
  /** All of the metadata as it should be from now on. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly cookieMode?: "persistent" | "non-persistent";
}

/** How to set up the place where Actions run. Everything has a default. */
export interface ActionRunnerOptions {
  /** PEM text of a certificate authority that Actions trust beside the public ones: the tenant's own. */
  readonly ca?: string;
  /**
   * Path of another `node` to run Actions with; by default that of the `ACTION_NODE` variable, else the
   * host's.
   */
  readonly node?: string;
  /** Folder whose `node_modules` may serve declared dependencies of exactly the declared version. */
  readonly projectFolder?: string;
  /** Folder for dependencies that had to be installed; in the user's cache folder by default. */
  readonly cacheFolder?: string;
  /** How many Actions may run at once, each in a process of its own; 8 by default. More flows wait. */
  readonly maxInstances?: number;
  /**
   * Milliseconds of computing that a sign-in waits for before another process is started; 250 by default.
   * Where an Action waits for something itself, others do not wait for it.
   */
  readonly patienceMs?: number;
  /** Milliseconds after which an idle instance ends; 60,000 by default. */
  readonly idleMs?: number;
  /** Milliseconds since the epoch, as Actions and their cache see them; the machine's clock by default. */
  readonly now?: () => number;
  /** Memory cap of one instance's JavaScript heap in MB; 256 by default. */
  readonly memoryMb?: number;
}

/** By host and port (`localhost:8443`), a header that is added to each request of an Action to there. */
export type RequestHeaders = Readonly<Record<string, { readonly name: string; readonly value: string }>>;

/** One of several tenants whose Actions run in the same place. */
export interface ActionTenant {
  /** A text that no other tenant of this place has or will have. */
  readonly id: string;
  /** Milliseconds since the epoch, as its Actions and their cache see them. */
  readonly now: () => number;
  /**
   * Added where the request goes out (`fetch`, `node:http`, `node:https`): the Action does not see it, nor
   * does the trace, and a redirect does not take it along.
   */
  readonly headers?: RequestHeaders;
}

/** The place where deployed Actions run. */
export interface ActionRunner {
  /** Runs the Actions of one flow. Never rejects for what an Action does: that is in the outcome. */
  run(flow: PostLoginFlow): Promise<FlowOutcome>;
  /**
   * Starts the processes of Actions whose sign-in is about to come, where no process runs at all, so that the
   * sign-in does not wait for that. Never rejects, and `actions` is called only where it is needed.
   */
  warmUp(actions: () => readonly DeployedAction[]): Promise<void>;
  /**
   * The same place for another tenant. The two share processes and nothing in them: each has an instance of
   * each Action's module and of the packages that it requires, globals and an `api.cache` of its own. Its
   * `close` drops what is its own and leaves the place open. Starts no process.
   */
  forTenant(tenant: ActionTenant): ActionRunner;
  /** Kills all instances. Flows under way end as `failed`. */
  close(): Promise<void>;
}
