import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

const root = join(import.meta.dirname, "..");

/** What each part may import, as docs/architecture.md says; a path allows itself and all below it. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "action/": ["auth0"],
  "stack/": ["action/", "@pulumi/auth0", "@pulumi/pulumi", "esbuild"],
  "index.ts": ["stack/"],
  "local/tenant/": ["@fastify/", "@peculiar/x509", "fastify", "jose", "reflect-metadata"],
  "local/pulumi/": [
    "local/ownership.ts",
    "local/process-lock.ts",
    "local/tenant/errors.ts",
    "local/tenant/hide-secrets.ts",
    "local/tenant/proxy.ts",
    "@grpc/grpc-js",
    "@pulumi/pulumi",
    "google-protobuf",
    "https-proxy-agent",
    "yaml",
  ],
};

describe("imports", () => {
  for (const [part, allowed] of Object.entries(ALLOWED)) {
    it(`of ${part} stay within what the architecture allows`, () => {
      const strangers = sourcesOf(part).flatMap((file) =>
        importsOf(file)
          .filter((target) => ![part, ...allowed].some((prefix) => target.startsWith(prefix)))
          .map((target) => `${file} imports ${target}`),
      );
      assert.deepEqual(strangers, []);
    });
  }
});

function sourcesOf(part: string): string[] {
  if (!part.endsWith("/")) return [part];
  const names = readdirSync(join(root, part), { recursive: true, encoding: "utf8" });
  const sources = names
    .filter((name) => name.endsWith(".ts"))
    .map((name) => part + name.replaceAll(sep, "/"));
  assert.ok(sources.length > 0, `${part} has no sources`);
  return sources;
}

/** Paths from the root, and names of packages; Node's own modules left out. */
function importsOf(file: string): string[] {
  const source = readFileSync(join(root, file), "utf8");
  const found = source.matchAll(
    /^(?:import|export)\s[^;]*?from "([^"]+)"|\bimport\("([^"]+)"\)|^import "([^"]+)"/gm,
  );
  return [...found]
    .map(([, named, dynamic, bare]) => named ?? dynamic ?? bare ?? "")
    .filter((target) => !target.startsWith("node:"))
    .map((target) =>
      target.startsWith(".")
        ? relative(root, join(root, dirname(file), target)).replaceAll(sep, "/")
        : target,
    );
}
