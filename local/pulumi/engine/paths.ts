import { join } from "node:path";

/**
 * The project's name on a laptop. It stays the same if a company renames the project in Pulumi.yaml, so that
 * the local stack keeps what it has deployed.
 */
export const PROJECT = "workforce-sso";
/** The stack on a laptop. */
export const STACK = "local";
/** The name of the only organization of a file backend. */
export const ORGANIZATION = "organization";

/** Where everything is that Pulumi keeps on a laptop, under one folder. */
export interface WorkspacePaths {
  readonly folder: string;
  /** The project file, derived from the root's. */
  readonly project: string;
  /** The stack's configuration, with its encrypted secret. */
  readonly config: string;
  /** Holds the passphrase that encrypts the stack's secrets, mode 0600. */
  readonly passphrase: string;
  /** The file backend. */
  readonly state: string;
  /** The stack's state in it, which is there once the stack was made. */
  readonly stack: string;
  /** Locks of the engine: one file for each update under way. */
  readonly locks: string;
}

export function workspacePaths(folder: string): WorkspacePaths {
  const state = join(folder, "state");
  return {
    folder,
    project: join(folder, "Pulumi.yaml"),
    config: join(folder, `Pulumi.${STACK}.yaml`),
    passphrase: join(folder, "passphrase"),
    state,
    stack: join(state, ".pulumi", "stacks", PROJECT, `${STACK}.json`),
    locks: join(state, ".pulumi", "locks", ORGANIZATION, PROJECT, STACK),
  };
}
