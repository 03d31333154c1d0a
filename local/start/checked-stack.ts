import { randomBytes } from "node:crypto";
import { runtime, RunError } from "@pulumi/pulumi";
import { bundleAction } from "../../stack/bundle.ts";
import { loadConfig } from "../../stack/config.ts";
import type { StackConfig } from "../../stack/config.ts";
import { encodeConfig, localConfig, projectDefaults, secretKeysOf } from "../pulumi/engine/config.ts";
import type { ConfigValues } from "../pulumi/engine/config.ts";
import { ORGANIZATION, PROJECT, STACK } from "../pulumi/engine/paths.ts";
import { ROOT } from "./context.ts";
import type { StartRequest } from "./context.ts";
import { deployError } from "./deploy-error.ts";

/** A configuration as a program gets it from Pulumi. */
export interface ProgramConfig {
  readonly config: Record<string, string>;
  /** Full keys of the secret ones in it. */
  readonly secretKeys: readonly string[];
}

/** The values of the local stack on a tenant of this domain, with the source of groups that was asked for. */
export function stackValues(domain: string, { flags: { source } }: StartRequest): ConfigValues {
  return localConfig(ROOT, { domain, ...(source !== undefined && { source }) });
}

/**
 * What the engine would make of the values: Pulumi.yaml's defaults under them, and generated secrets beside
 * them.
 */
export function programConfig(values: ConfigValues): ProgramConfig {
  const secretKeys = secretKeysOf(values);
  const secrets = secretKeys.map((key) => [key, `local-${randomBytes(24).toString("base64url")}`]);
  const all = { ...projectDefaults(ROOT), ...values, ...Object.fromEntries(secrets) } as ConfigValues;
  return { config: encodeConfig(all), secretKeys };
}

/**
 * Reads the stack's configuration and builds its Action before anything is started. So errors are reported
 * once, without the engine's lines around them, and never get into the stack's state.
 * @throws {UserError} one line with the first error. If there are several, all of them are printed first.
 */
export function checkedStack(request: StartRequest): StackConfig {
  // The tenant has no port yet, and no rule depends on it.
  const { config, secretKeys } = programConfig(stackValues("localhost", request));
  // The keys begin with the project's name, but outside a deployment Pulumi calls every project "project".
  runtime.resetOptions(PROJECT, STACK, 1, "", "", true, ORGANIZATION);
  runtime.setAllConfig(config, [...secretKeys]);
  try {
    const stack = loadConfig();
    bundleAction(stack.action);
    return stack;
  } catch (error) {
    if (RunError.isInstance(error) && error.message.includes("\n")) request.terminal.say(error.message);
    throw deployError(error, error);
  }
}
