import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { RunError } from "@pulumi/pulumi";

/** An npm package that Auth0 installs beside an Action. */
export interface Dependency {
  readonly name: string;
  readonly version: string;
}

/** The most packages that Auth0 installs for one Action. */
const mostDependencies = 10;

/**
 * The packages that a bundle requires, with the versions that package.json pins in its `dependencies`. So the
 * Action runs in Auth0 with the versions that it was tested with.
 *
 * @param imports The paths that the build left outside: package names, their subpaths, and Node's own
 * modules.
 * @param root The folder of package.json.
 * @throws pulumi.RunError for a package that is not declared or not pinned, and for more packages than Auth0
 * installs.
 */
export function actionDependencies(imports: readonly string[], root: string): Dependency[] {
  const declared = declaredDependencies(root);
  const names = new Set(imports.filter((path) => !isBuiltin(path)).map(packageName));
  const dependencies = [...names]
    .sort()
    .map((name) => ({ name, version: pinnedVersion(name, declared[name]) }));
  if (dependencies.length > mostDependencies) {
    throw new RunError(
      `The Action requires ${dependencies.length} packages, and Auth0 installs at most ${mostDependencies}; ` +
        `remove some of ${dependencies.map(({ name }) => name).join(", ")}.`,
    );
  }
  return dependencies;
}

function pinnedVersion(name: string, version: string | undefined): string {
  if (version === undefined) {
    throw new RunError(
      `The Action requires "${name}", which package.json does not declare among its dependencies, so Auth0 would not ` +
        `install it; run \`npm install --save-exact ${name}\`.`,
    );
  }
  if (!/^\d+\.\d+\.\d+(?:-[\w.-]+)?$/.test(version)) {
    throw new RunError(
      `The Action requires "${name}", which package.json declares as "${version}"; Auth0 needs one exact version: ` +
        `run \`npm install --save-exact ${name}\`.`,
    );
  }
  return version;
}

function packageName(path: string): string {
  return path
    .split("/")
    .slice(0, path.startsWith("@") ? 2 : 1)
    .join("/");
}

function declaredDependencies(root: string): Readonly<Record<string, string>> {
  const manifest: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  if (typeof manifest === "object" && manifest !== null && "dependencies" in manifest) {
    // SAFETY: npm refuses a manifest whose dependencies are not a map of texts.
    return manifest.dependencies as Record<string, string>;
  }
  return {};
}
