import { version } from "@pulumi/pulumi/version.js";

/**
 * The version of the CLI that this project installs or builds, and the oldest that it uses: the SDK's own.
 * The SDK drives the CLI by flags and services that come with its releases, and this pair is the one that the
 * tests run.
 */
export const CLI_VERSION: string = version;

/** The `X.Y.Z` in what `pulumi version` prints (`v3.259.0`, `3.259.0-alpha.1`), if there is one. */
export function parseVersion(printed: string): string | undefined {
  return /^v?(\d+\.\d+\.\d+)(?:[-+]\S*)?$/.exec(printed.trim())?.[1];
}

/**
 * Whether a CLI of that version can be used: the same major version, and not older than {@link CLI_VERSION}.
 */
export function isUsable(found: string): boolean {
  const have = found.split(".").map(Number);
  const need = CLI_VERSION.split(".").map(Number);
  if (have[0] !== need[0]) return false;
  const difference = need.map((part, index) => (have[index] ?? 0) - part).find((part) => part !== 0);
  return difference === undefined || difference > 0;
}
