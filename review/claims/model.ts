import type { ActionModel } from "./action-model.ts";

/** What the claims are a model of: the head of every output. Everything here can be written as JSON. */
export interface ClaimsHead {
  /** Whose configuration was deployed, `Pulumi.STACK.yaml`. */
  readonly stack: string;
  /** The git ref whose program was deployed; absent for the working tree's. */
  readonly ref?: string;
  readonly directory: {
    /** As it was named, or below the project's folder. */
    readonly file: string;
    /** When the file was last changed, in ISO 8601. */
    readonly date: string;
    readonly people: number;
    /** The domains of the directories in it, the main company's first. */
    readonly names: readonly string[];
  };
  /** Names of the stack's applications, sorted. */
  readonly applications: readonly string[];
  /** In the order in which the Action asks them. */
  readonly groupSources: readonly string[];
  /** Name of the claim that carries the groups. */
  readonly groupsClaim: string;
  /** What carries the claim, of `id`, `access` and `saml`. */
  readonly tokens: readonly string[];
  /**
   * Settings of the Action that not every first sign-in shows, or none, by the configuration's key and as
   * JSON. Absent where the Action is not this project's.
   */
  readonly unseen?: Readonly<Record<string, string>>;
  /** Sentences: what is not in the model. */
  readonly notIn: readonly string[];
}

/** How a sign-in ended. `failed` is a fault of an Action, or of the tenant's limits. */
export type ClaimsOutcome = "signed-in" | "denied" | "failed";

/**
 * One person at one application by one connection. Rows are sorted by application, then person, then
 * connection, each by UTF-16 code units ({@link compareRows}), so that two sides can be merged without
 * holding either.
 */
export interface ClaimsRow {
  readonly application: string;
  /** Email. */
  readonly person: string;
  /**
   * Name of the connection; empty where no connection of the person's directory is enabled for the
   * application.
   */
  readonly connection: string;
  readonly department?: string;
  /** Domain of the directory that the person is in. */
  readonly directory: string;
  readonly outcome: ClaimsOutcome;
  /** Why, where nobody signed in. */
  readonly reason?: string;
  /** The `sub` that the application knows the person by; empty where no connection is enabled. */
  readonly sub: string;
  /** In the token, sorted by code units. */
  readonly groups: readonly string[];
  /**
   * What the Action said beside `ok`, sorted: its outcome (`capped`, `empty`, `filtered`, `missing` and so
   * on, docs/action.md), and `large-profile` for one of more than 8 kB.
   */
  readonly marks: readonly string[];
  /** Which source answered: `event`, `directory-sync` or `management-api`. */
  readonly source?: string;
  /** 0 where there is no such token. */
  readonly idTokenBytes: number;
  /** Of an opaque one too, where no API is asked for. */
  readonly accessTokenBytes: number;
  /** Of the profile as the Action saw it, as JSON. */
  readonly profileBytes: number;
  /**
   * Names of the person's groups in the directory, nested ones where the connection asks for them, in the
   * directory's order.
   */
  readonly directoryGroups: readonly string[];
}

/** What one program does to everybody: the head at once, the rows as they come. Take the rows once. */
export interface ClaimsSide {
  readonly head: ClaimsHead;
  /** What an explanation needs to know of the deployed Action; absent where it is not this project's. */
  readonly model?: ActionModel;
  readonly rows: AsyncIterable<ClaimsRow>;
}

/** What is different for one person at one application. At least one of the two sides is there. */
export interface ClaimsChange {
  readonly application: string;
  readonly person: string;
  readonly before?: ClaimsRow;
  readonly after?: ClaimsRow;
  /** Groups in the token that were not there before, sorted. */
  readonly gained: readonly string[];
  readonly lost: readonly string[];
  /** What happened, the worst first. */
  readonly kinds: readonly ChangeKind[];
}

/**
 * `denied`: no longer signed in; `let-in`: signed in now; `lost`, `gained`: groups; `capped`: the list of
 * groups is cut now; `over-limit`: a token passes TOKEN_LIMIT_BYTES; `grown`: a token is larger; `shrunk`;
 * `subject`: the application knows the person by another `sub`; `marks`: the Action says something else;
 * `reason`: refused for another reason; `new`, `gone`: one side alone has this person at this application.
 */
export type ChangeKind =
  | "denied"
  | "let-in"
  | "subject"
  | "lost"
  | "gained"
  | "over-limit"
  | "capped"
  | "reason"
  | "marks"
  | "grown"
  | "shrunk"
  | "gone"
  | "new";

/**
 * Bytes of a token above which headers and cookies that carry it begin to fail: a browser keeps 4096 of one
 * cookie.
 */
export const TOKEN_LIMIT_BYTES = 4096;

/** Orders rows of one side, and of two sides against each other. */
export function compareRows(
  left: Pick<ClaimsRow, "application" | "person" | "connection">,
  right: Pick<ClaimsRow, "application" | "person" | "connection">,
): number {
  return (
    compareText(left.application, right.application) ||
    compareText(left.person, right.person) ||
    compareText(left.connection, right.connection)
  );
}

/** Orders texts by UTF-16 code units, which is the same on every machine. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
