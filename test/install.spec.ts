import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

interface Locked {
  readonly version?: string;
  readonly engines?: { readonly node?: string };
  readonly hasInstallScript?: boolean;
  readonly optional?: boolean;
}

// SAFETY: the SDK depends on semver; these are the two functions of it that are used here.
const { minVersion, satisfies } = createRequire(import.meta.resolve("@pulumi/pulumi/package.json"))(
  "semver",
) as {
  minVersion: (range: string) => { version: string };
  satisfies: (version: string, range: string) => boolean;
};

// SAFETY: npm writes both files in this shape.
const manifest = read("package.json") as {
  engines: { node: string };
  allowScripts: Readonly<Record<string, boolean>>;
};
const { packages } = read("package-lock.json") as { packages: Readonly<Record<string, Locked>> };

describe("npm ci", () => {
  it("finds no package that asks for a newer Node.js than the oldest ones that are promised", () => {
    const oldest = manifest.engines.node.split("||").map((range) => minVersion(range.trim()).version);
    const complaints = Object.entries(packages).flatMap(([place, { engines, version, optional }]) =>
      oldest
        .filter((node) => optional !== true && engines?.node !== undefined && !satisfies(node, engines.node))
        .map((node) => `${place} ${version} on ${node}`),
    );
    assert.deepEqual(complaints, []);
  });

  it("runs no install script, and has a word for each package that has one", () => {
    const withScript = Object.entries(packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript === true)
      .map(([place]) => place.replace(/^.*node_modules\//, ""));
    assert.deepEqual(
      Object.keys(manifest.allowScripts).toSorted(),
      withScript.toSorted(),
      "npm would ask about these, or no longer needs a word about them",
    );
    assert.ok(Object.values(manifest.allowScripts).every((allowed) => !allowed));
  });
});

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), "utf8"));
}
