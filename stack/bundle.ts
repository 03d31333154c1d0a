import { fileURLToPath } from "node:url";
import { RunError } from "@pulumi/pulumi";
import { buildSync } from "esbuild";
import type { ActionSettings } from "../action/settings.ts";
import { explained } from "./bundle/explain-build-error.ts";
import { type Dependency, actionDependencies } from "./bundle/dependencies.ts";
import { refuseBadEntryPoint } from "./bundle/entry-point.ts";
import { tidied } from "./bundle/tidied.ts";
import { claimNameProblem } from "./policy/claim-name.ts";
import { needsMachineClient } from "./policy/machine-scopes.ts";

export type { Dependency };

/** An Action as Auth0 takes it. */
export interface Bundle {
  /** CommonJS source, in one file. */
  readonly code: string;
  /** The npm packages that the code requires, which Auth0 installs beside it, sorted by name. */
  readonly dependencies: Dependency[];
}

/** Where the Action's source is; the defaults are this project's. */
export interface BundleOptions {
  /** The folder of package.json; paths inside the bundle are relative to it. */
  readonly root?: string;
  /** The source of the entry point, relative to the root. */
  readonly entryPoint?: string;
}

/** Auth0's limit for the source of an Action, in bytes. */
const mostBytes = 100_000;

const projectRoot = fileURLToPath(new URL("..", import.meta.url));

/**
 * Builds the Action's TypeScript into the one CommonJS file that Auth0 runs on Node 22.
 *
 * The same sources and settings give the same bytes in every folder and on every machine. Otherwise each
 * colleague's preview would show a change. npm packages stay outside and are returned with the exact versions
 * of package.json. The code is not minified, so that the Auth0 dashboard shows what runs. The settings
 * replace `ACTION_SETTINGS` as JSON. `WITH_MANAGEMENT_API` tells the build whether the Management API's
 * branch and its SDK are needed at all, and `WITH_AGE_LIMIT` whether the check of the groups' age is.
 *
 * @throws pulumi.RunError that says what to do. The reasons are a claim's name that Auth0 would drop, a
 * source that cannot be built, code over 100 kB, an entry point that is not an async function after the
 * build, and a package that package.json does not declare with an exact version.
 */
export function bundleAction(settings: ActionSettings, options: BundleOptions = {}): Bundle {
  const problem = claimNameProblem(settings.groupsClaim);
  if (problem !== undefined) {
    throw new RunError(
      `The claim's name ${JSON.stringify(settings.groupsClaim)} ${problem}; ` +
        "use a URL that the company controls, such as https://xyz.example/claims/groups.",
    );
  }
  const root = options.root ?? projectRoot;
  const entryPoint = options.entryPoint ?? "action/post-login.ts";
  const { code, imports } = explained(() => build(root, entryPoint, settings));
  const bytes = Buffer.byteLength(code);
  if (bytes > mostBytes) {
    throw new RunError(
      `The Action's code has ${bytes} bytes, and Auth0 accepts at most ${mostBytes}; ` +
        "shorten groupPolicy, or move what is large into an npm package among package.json's dependencies.",
    );
  }
  refuseBadEntryPoint(code, entryPoint);
  return { code, dependencies: actionDependencies(imports, root) };
}

function build(
  root: string,
  entryPoint: string,
  settings: ActionSettings,
): { code: string; imports: string[] } {
  const options = {
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    target: "node22",
    packages: "external",
    // Without this, esbuild would look for tsconfig.json in the folders above the project.
    tsconfigRaw: "{}",
    charset: "ascii",
    legalComments: "none",
    logLevel: "silent",
    define: {
      ACTION_SETTINGS: JSON.stringify(settings),
      WITH_AGE_LIMIT: JSON.stringify(Boolean(settings.groupsMaxAgeMinutes)),
      WITH_MANAGEMENT_API: JSON.stringify(needsMachineClient(settings.groupSources)),
    },
  } as const;
  // esbuild tells the names of exports only for this format.
  const module = buildSync({ ...options, entryPoints: [entryPoint], format: "esm" });
  const exported = Object.values(module.metafile.outputs).flatMap((output) => output.exports);
  // Name each export: otherwise esbuild adds a page of helpers, which make the exports work for every kind of
  // importer.
  const contents = [
    `import * as action from ${JSON.stringify(`./${entryPoint}`)};`,
    ...exported.map((name) => `exports[${JSON.stringify(name)}] = action[${JSON.stringify(name)}];`),
  ].join("\n");
  const stdin = { contents, resolveDir: root, sourcefile: "exports" };
  const result = buildSync({ ...options, stdin, format: "cjs" });
  const outputs = Object.values(result.metafile.outputs);
  const imports = outputs.flatMap((output) => output.imports.map(({ path }) => path));
  return { code: tidied(result.outputFiles.map(({ text }) => text).join("")), imports };
}
