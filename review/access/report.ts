/**
 * Something that a rule of `access.yaml` forbids, or a rule that cannot have meant what it says. Everything
 * here can be written as JSON.
 */
export interface AccessViolation {
  /** The rule's kind and place in its list, such as `never[0]`. */
  readonly rule: string;
  /** What the rule is called in the file, where it has a name. */
  readonly name?: string;
  /** Of the rule in the file, from 1. */
  readonly line: number;
  readonly application?: string;
  /** Email; absent where the rule as a whole is at fault. */
  readonly person?: string;
  /**
   * Name of the connection; absent where there is no person, and empty where no connection leads to the
   * application.
   */
  readonly connection?: string;
  /** What is wrong, in a sentence that names no person. */
  readonly says: string;
  /**
   * How the person came to have, or not to have, what the rule speaks of: sentences of `why`, which name no
   * person.
   */
  readonly chain: readonly string[];
  /** Emails, where too many people have a group; not all of them. */
  readonly people?: readonly string[];
}

/** A rule that demands less than it did. */
export interface LoosenedRule {
  /** Kind and place in the older file. */
  readonly rule: string;
  readonly name?: string;
  /** Line in the older file. */
  readonly line: number;
  /** Line in the newer file of the rule that took its place; absent where none did. */
  readonly now?: number;
  /** What it demands less, in a sentence. */
  readonly says: string;
}

/** How one version of `access.yaml` holds for everybody. */
export interface AccessResult {
  /** The file as it was named, or below the project's folder. */
  readonly file: string;
  /** How many rules it has. */
  readonly rules: number;
  /** In the order of the file's lines, then of the rows. At most `MOST_KEPT` of a rule. */
  readonly violations: readonly AccessViolation[];
  /** How many there were, those that were not kept included. */
  readonly total: number;
  /** Rules of which not all were kept, and how many were not. */
  readonly notKept: readonly { readonly rule: string; readonly count: number }[];
}

/** How the contracts hold. */
export interface AccessReport extends AccessResult {
  /** The same claims by the file of a git ref; with `--against` alone. */
  readonly against?: {
    readonly ref: string;
    /** Absent where the ref has no such file, or one that cannot be read: nothing of it can be loosened. */
    readonly result?: AccessResult;
    /** Why there is no result. */
    readonly says?: string;
    readonly loosened: readonly LoosenedRule[];
  };
}

/**
 * Violations of one rule that are kept with all they say; the rest is counted, so that memory does not grow
 * with the people.
 */
export const MOST_KEPT = 50;
