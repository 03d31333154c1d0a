import { randomBytes } from "node:crypto";
import { runtime, RunError } from "@pulumi/pulumi";
import { bundleAction } from "../../stack/bundle.ts";
import { loadConfig } from "../../stack/config.ts";
import type { Reporter } from "../pulumi/cli/reporter.ts";
import { encodeConfig, projectDefaults, secretKeysOf } from "../pulumi/engine/config.ts";
import type { StackConfig } from "../pulumi/engine/config.ts";
import { PROJECT, STACK } from "../pulumi/engine/paths.ts";
import { deployError } from "./deploy-error.ts";

/** A configuration as a program gets it from Pulumi. */
export interface ProgramConfig {
  readonly config: Record<string, string>;
  /** Full keys of the secret ones in it. */
  readonly secretKeys: readonly string[];
}

/** What the engine would make of the values: Pulumi.yaml's defaults under them, and generated secrets beside them. */
export function programConfig(root: string, values: StackConfig): ProgramConfig {
  const secretKeys = secretKeysOf(values);
  const secrets = secretKeys.map((key) => [key, `local-${randomBytes(24).toString("base64url")}`]);
  const all = { ...projectDefaults(root), ...values, ...Object.fromEntries(secrets) } as StackConfig;
  return { config: encodeConfig(all), secretKeys };
}

/**
 * Reads the configuration and builds the Action before anything is begun: their errors are then told once, without the engine's lines
 * around them, and nothing of them gets into the stack's state.
 * @throws {UserError} one line with the first error; where there are several, all of them are said before.
 */
export function checkProgram({ config, secretKeys }: ProgramConfig, reporter: Reporter): void {
  // The keys are the project's, and outside of a deployment Pulumi calls every project "project".
  runtime.resetOptions(PROJECT, STACK, 1, "", "", true, "organization");
  runtime.setAllConfig(config, [...secretKeys]);
  try {
    bundleAction(loadConfig().action);
  } catch (error) {
    if (RunError.isInstance(error) && error.message.includes("\n")) reporter.say(error.message);
    throw deployError(error, error);
  }
}
