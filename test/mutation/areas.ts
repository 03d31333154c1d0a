/** A part of the code that is broken on purpose, and the tests that should notice. */
export interface Area {
  readonly name: string;
  /** Globs of the files that are broken. */
  readonly mutate: readonly string[];
  /**
   * Globs of the specs that are run. A spec that runs the code in another process never sees it broken, so it
   * has no place here.
   */
  readonly specs: readonly string[];
  /** A command that is run first in the copy of the repository that the tests run in. */
  readonly prepare?: string;
}

export const AREAS: readonly Area[] = [
  {
    name: "action",
    mutate: ["action/**/*.ts"],
    specs: [
      "test/action/carried.spec.ts",
      "test/action/client-metadata.spec.ts",
      "test/action/effective-policy.spec.ts",
      "test/action/policy.spec.ts",
      "test/action/post-login.spec.ts",
      "test/action/staleness.spec.ts",
      "test/action/sources/**/*.spec.ts",
    ],
    prepare: "node test/mutation/lift-limit.mjs",
  },
  {
    name: "stack/policy",
    mutate: ["stack/policy/**/*.ts"],
    specs: ["test/stack/policy/*.spec.ts", "test/index.spec.ts"],
  },
  {
    name: "stack/config",
    mutate: ["stack/config.ts", "stack/config/**/*.ts"],
    // Without offers.spec.ts, whose commands are run one after the other by the CLI.
    specs: [
      "test/stack/config.spec.ts",
      "test/stack/config/applications.spec.ts",
      "test/stack/config/binding-rules.spec.ts",
      "test/stack/config/directories.spec.ts",
      "test/stack/config/policies.spec.ts",
      "test/stack/config/urls.spec.ts",
    ],
  },
  {
    name: "stack/preflight",
    mutate: ["stack/preflight/**/*.ts"],
    specs: ["test/stack/preflight/*.spec.ts"],
  },
];
