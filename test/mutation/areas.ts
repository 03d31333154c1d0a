import { readdirSync } from "node:fs";
import { join } from "node:path";

/** A part of the code that is broken on purpose, and the tests that should notice. */
export interface Area {
  readonly name: string;
  /** How many percent of the mutants the tests must notice, at the least. */
  readonly least: number;
  /** The files that are broken, by their paths. A folder stands for those in it that no area names. */
  readonly mutate: readonly string[];
  /**
   * Globs of the specs that are run. A spec that runs the code in another process never sees it broken, so it
   * has no place here.
   */
  readonly specs: readonly string[];
  /** Whether the files are loaded before the tests, because the code loads them only when it needs them. */
  readonly loadFirst?: boolean;
  /** A command that is run first in the copy of the repository that the tests run in. */
  readonly prepare?: string;
}

const TENANT = "packages/local-tenant";

export const AREAS: readonly Area[] = [
  {
    name: "action",
    least: 90,
    mutate: ["action"],
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
    least: 90,
    mutate: ["stack/policy"],
    specs: ["test/stack/policy/*.spec.ts", "test/index.spec.ts"],
  },
  {
    name: "stack/config",
    least: 90,
    mutate: ["stack/config.ts", "stack/config"],
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
    least: 90,
    mutate: ["stack/preflight"],
    specs: ["test/stack/preflight/*.spec.ts"],
  },
  {
    name: "tenant/rate-limit",
    least: 80,
    loadFirst: true,
    mutate: [`${TENANT}/src/management/rate-limit.ts`],
    specs: [`${TENANT}/test/management/rate-limit.spec.ts`],
  },
  {
    name: "tenant/credentials",
    least: 80,
    loadFirst: true,
    mutate: [
      `${TENANT}/src/authentication/client-assertion.ts`,
      `${TENANT}/src/authentication/client-authentication.ts`,
      `${TENANT}/src/management/clients/credential-schema.ts`,
      `${TENANT}/src/management/clients/credentials.ts`,
    ],
    specs: [
      `${TENANT}/test/management/credential*.spec.ts`,
      `${TENANT}/test/authentication/client-*.spec.ts`,
    ],
  },
  {
    name: "tenant/sessions",
    least: 80,
    loadFirst: true,
    mutate: [`${TENANT}/src/sessions`],
    specs: [
      // Without memory.spec.ts, which makes some hundred sign-ins.
      `${TENANT}/test/sessions/!(memory).spec.ts`,
      `${TENANT}/test/authentication/code-exchange.spec.ts`,
      `${TENANT}/test/authentication/logout.spec.ts`,
      `${TENANT}/test/authentication/refresh*.process.spec.ts`,
      `${TENANT}/test/login/session.process.spec.ts`,
      `${TENANT}/test/login/sign-in-page.spec.ts`,
    ],
  },
  // A mutant is run with every spec that comes near it, so these are several areas, each with few specs.
  {
    name: "tenant/authentication/authorize",
    least: 80,
    loadFirst: true,
    mutate: [
      `${TENANT}/src/authentication/authorize.ts`,
      `${TENANT}/src/authentication/authorize-request.ts`,
      `${TENANT}/src/authentication/default-audience.ts`,
      `${TENANT}/src/authentication/known-client.ts`,
    ],
    specs: [
      `${TENANT}/test/authentication/authorize*.spec.ts`,
      `${TENANT}/test/authentication/connection-choice.spec.ts`,
      `${TENANT}/test/login/directory-session.process.spec.ts`,
    ],
  },
  {
    name: "tenant/authentication/tokens",
    least: 80,
    loadFirst: true,
    mutate: [
      `${TENANT}/src/authentication/client-credentials.ts`,
      `${TENANT}/src/authentication/code-exchange.ts`,
      `${TENANT}/src/authentication/revoke.ts`,
      `${TENANT}/src/authentication/token.ts`,
      `${TENANT}/src/authentication/tokens.ts`,
      `${TENANT}/src/authentication/userinfo.ts`,
    ],
    specs: [
      `${TENANT}/test/authentication/claims.spec.ts`,
      `${TENANT}/test/authentication/client-credentials.spec.ts`,
      `${TENANT}/test/authentication/code-exchange.spec.ts`,
      `${TENANT}/test/authentication/token-endpoint.spec.ts`,
      `${TENANT}/test/authentication/userinfo.process.spec.ts`,
    ],
  },
  {
    name: "tenant/authentication/refresh",
    least: 80,
    loadFirst: true,
    mutate: [`${TENANT}/src/authentication/refresh.ts`],
    specs: [`${TENANT}/test/authentication/refresh*.process.spec.ts`],
  },
  {
    name: "tenant/authentication/logout",
    least: 80,
    loadFirst: true,
    mutate: [`${TENANT}/src/authentication/logout.ts`],
    specs: [`${TENANT}/test/authentication/logout*.spec.ts`],
  },
  {
    name: "tenant/authentication/evaluate",
    least: 80,
    loadFirst: true,
    mutate: [`${TENANT}/src/authentication/evaluate.ts`],
    specs: [`${TENANT}/test/authentication/evaluate.process.spec.ts`],
  },
  {
    name: "tenant/authentication/routes",
    least: 80,
    loadFirst: true,
    mutate: [`${TENANT}/src/authentication`],
    specs: [
      `${TENANT}/test/authentication/authorize.spec.ts`,
      `${TENANT}/test/authentication/claims.spec.ts`,
      `${TENANT}/test/authentication/discovery.spec.ts`,
      `${TENANT}/test/authentication/logout.spec.ts`,
      `${TENANT}/test/authentication/not-built.spec.ts`,
      `${TENANT}/test/authentication/token-endpoint.spec.ts`,
    ],
  },
];

/** The files of an area, by their paths from the root of the repository. */
export function filesOf({ mutate }: Area, root: string): string[] {
  const named = AREAS.flatMap((area) => area.mutate);
  return mutate.flatMap((path) =>
    path.endsWith(".ts") ? [path] : sourcesIn(root, path).filter((file) => !named.includes(file)),
  );
}

function sourcesIn(root: string, folder: string): string[] {
  const found = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return found
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
    .sort();
}
