import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackages } from "./install.ts";
import type { Declared } from "./install.ts";
import { installedVersion, packageFolders, requireFrom } from "./packages.ts";
import type { ResolvedPackages } from "./packages.ts";

/** Thrown when an Action cannot be started, with a message for the trace. */
export class DependencyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "DependencyError";
  }
}

export interface DependencyOptions {
  readonly projectFolder: string;
  readonly cacheFolder: string;
}

/**
 * The folder whose `node_modules` this code was installed into, or lies beside: the one of the project that
 * uses the tenant. Where there is none, the folder that the process works in.
 */
export function projectFolder(): string {
  const packages = findUp(dirname(fileURLToPath(import.meta.url)));
  return packages ?? process.cwd();
}

function findUp(folder: string): string | undefined {
  if (existsSync(join(folder, "node_modules"))) return folder;
  return dirname(folder) === folder ? undefined : findUp(dirname(folder));
}

/** Names that npm accepts: https://docs.npmjs.com/cli/configuring-npm/package-json#name. */
const NAME = /^(@[a-z0-9~][a-z0-9._~-]*\/)?[a-z0-9~][a-z0-9._~-]*$/i;
const VERSION = /^[a-z0-9^~.+<>=-]{1,80}$/i;

/**
 * Finds the declared packages: those that the project has in exactly the declared version are taken from
 * there, the others are installed into the cache folder. Where that fails, the project's version with the
 * same major number is used instead. What differs from production is added to `warnings`.
 * @throws {DependencyError}
 */
export async function resolveDependencies(
  dependencies: readonly Declared[],
  { projectFolder, cacheFolder }: DependencyOptions,
  warnings: string[],
): Promise<ResolvedPackages> {
  for (const dependency of dependencies) check(dependency);
  const here = dependencies.filter(({ name, version }) => installedVersion(projectFolder, name) === version);
  const missing = dependencies.filter((dependency) => !here.includes(dependency));
  const folder =
    missing.length === 0 ? undefined : await install(missing, { projectFolder, cacheFolder }, warnings);
  const inProject = folder === undefined ? dependencies : here;
  const elsewhere = folder === undefined ? [] : missing;
  return {
    from: Object.fromEntries([
      ...inProject.map(({ name }) => [name, requireFrom(projectFolder, name)]),
      ...elsewhere.map(({ name }) => [name, join(folder ?? "", "package.json")]),
    ]) as Record<string, string>,
    readable: [
      ...inProject.flatMap(({ name }) => packageFolders(projectFolder, name)),
      ...(folder === undefined ? [] : [folder]),
    ],
  };
}

/** The folder with the missing packages, or `undefined` where versions of the project stand in for them. */
async function install(
  missing: readonly Declared[],
  { projectFolder, cacheFolder }: DependencyOptions,
  warnings: string[],
): Promise<string | undefined> {
  try {
    const folder = await installPackages(cacheFolder, missing, projectFolder);
    for (const { name, version } of missing) {
      warnings.push(
        `The dependency ${name}@${version} was installed for this Action, because the project itself does not have it.`,
      );
    }
    return folder;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    for (const { name, version } of missing) {
      const other = installedVersion(projectFolder, name);
      if (other === undefined || major(other) !== major(version)) {
        throw new DependencyError(
          `The dependency ${name}@${version} could not be installed: ${reason}. Try "npm install --save-dev --save-exact ${name}@${version}" in the project.`,
        );
      }
      warnings.push(
        `The dependency ${name} is version ${other} here and ${version} on Auth0, because ${version} could not be installed (${reason}).`,
      );
    }
    return undefined;
  }
}

function major(version: string): string {
  return version.split(".")[0] ?? "";
}

function check({ name, version }: Declared): void {
  if (!NAME.test(name)) throw new DependencyError(`The dependency "${name}" is not a name that npm accepts.`);
  if (!VERSION.test(version) || version.startsWith("-")) {
    throw new DependencyError(
      `The version "${version}" of the dependency ${name} is not a version that npm accepts.`,
    );
  }
}
