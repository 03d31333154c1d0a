import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PlainObject } from "./types.ts";

/** Where the packages of one Action are. */
export interface ResolvedPackages {
  /** Declared name to the file from whose place `require` finds the package. */
  readonly from: Readonly<Record<string, string>>;
  /** Folders that the packages, and what they depend on, are read from. */
  readonly readable: readonly string[];
}

/** The version of a package in the `node_modules` of a folder, or `undefined`. */
export function installedVersion(folder: string, name: string): string | undefined {
  const manifest = readManifest(join(folder, "node_modules", name));
  return manifest !== undefined && typeof manifest["version"] === "string" ? manifest["version"] : undefined;
}

/**
 * The file from whose place `require` finds a package of a folder without passing a symbolic link, which
 * Node's permission model would not let an Action's process follow: `node_modules` may be one.
 */
export function requireFrom(folder: string, name: string): string {
  const place = realpathSync(join(folder, "node_modules", name));
  const end = join("node_modules", name);
  return join(place.endsWith(end) ? place.slice(0, -end.length) : folder, "package.json");
}

/**
 * The folders of a package and of all that it depends on, found as Node finds them: in the `node_modules` of
 * its own folder and of each folder above. Only these may be read by an Action that declares the package, not
 * the project around them.
 */
export function packageFolders(folder: string, name: string): string[] {
  const found = new Set<string>();
  const queue = [{ from: folder, name }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const place = findPackage(next.from, next.name);
    if (place === undefined || found.has(place)) continue;
    found.add(place);
    queue.push(...dependenciesOf(place).map((dependency) => ({ from: place, name: dependency })));
  }
  // A folder inside of one that is readable is readable already.
  return [...found].filter((place) => ![...found].some((other) => place.startsWith(`${other}/`)));
}

function findPackage(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const place = join(folder, "node_modules", name);
    if (existsSync(join(place, "package.json"))) return realpathSync(place);
    if (dirname(folder) === folder) return undefined;
  }
}

function dependenciesOf(place: string): string[] {
  const manifest = readManifest(place);
  return ["dependencies", "optionalDependencies", "peerDependencies"].flatMap((kind) =>
    Object.keys(manifest?.[kind] ?? {}),
  );
}

function readManifest(place: string): PlainObject | undefined {
  try {
    return JSON.parse(readFileSync(join(place, "package.json"), "utf8")) as PlainObject;
  } catch {
    return undefined;
  }
}
