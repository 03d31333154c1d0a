import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { loadConfig } from "../../stack/config.ts";
import type { StackConfig } from "../../stack/config.ts";
import { type ConfigChanges, setMockConfig } from "./pulumi-mocks.ts";

/** An application as small as it can be. */
export const adminPortal = {
  name: "admin-portal",
  callbacks: ["https://admin.xyz.example/callback"],
  logoutUrls: [],
};

/** The configuration that these changes to the sample make. */
export function load(changes: ConfigChanges): StackConfig {
  setMockConfig(changes);
  return loadConfig();
}

/**
 * The errors of these changes to the sample, one a line: key, problem; each followed by its mending command.
 */
export function configErrorLines(changes: ConfigChanges): string[] {
  try {
    load(changes);
  } catch (error) {
    assert.ok(pulumi.RunError.isInstance(error), String(error));
    return error.message.split("\n").slice(1);
  }
  return [];
}

/** Asserts that the changes have exactly one error, and its two lines. */
export function assertConfigError(changes: ConfigChanges, problem: RegExp, mend: string): void {
  const lines = configErrorLines(changes);
  assert.equal(lines.length, 2, lines.join("\n") || "there was no error");
  assert.match(lines[0] ?? "", problem);
  assert.equal(lines[1]?.trim(), mend);
}
