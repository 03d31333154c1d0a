import type { ActionSettings } from "../action/settings.ts";
import { actionSettings, checkEnriched } from "./config/action.ts";
import { type ApplicationConfig, chooseApplicationDirectories } from "./config/applications.ts";
import { checkBindings } from "./config/binding-rules.ts";
import { chooseDirectories } from "./config/directories.ts";
import type { DirectoryConfig } from "./config/directory-list.ts";
import { isLoopbackDomain, readDomain } from "./config/domain.ts";
import { ConfigErrors } from "./config/config-errors.ts";
import { checkPolicies } from "./config/policies.ts";
import { readKeys, refuseUnknownKeys } from "./config/read-keys.ts";
import type { Binding } from "./policy/bindings.ts";

export type { ApplicationConfig, DirectoryConfig };

/** The configuration of one stack, checked and complete. */
export interface StackConfig {
  /** The tenant's own host and port, never its custom domain. */
  readonly domain: string;
  /** The custom domain that employees sign in under, or empty. */
  readonly customDomain: string;
  /**
   * Where employees come from; never empty. The first one has the resource names that a stack with one
   * directory has.
   */
  readonly directories: readonly DirectoryConfig[];
  readonly applications: readonly ApplicationConfig[];
  /** What is built into the Action. */
  readonly action: ActionSettings;
  /**
   * The number of the machine client. A number that is higher by one makes a new client, which replaces the
   * former one.
   */
  readonly machineClientGeneration: number;
  /** Whether the stack owns the whole list of post-login Actions, or only its own entry. */
  readonly postLoginBinding: "exclusive" | "shared";
  readonly postLoginBefore: readonly Binding[];
  readonly postLoginAfter: readonly Binding[];
  readonly bindAction: boolean;
  /** Whether `preview` and `up` first ask the tenant what they would take from others. */
  readonly preflight: boolean;
  readonly protect: boolean;
}

/**
 * Reads and checks the whole configuration. Nothing else in the program reads it from Pulumi.
 *
 * The engine has already refused missing keys, wrong top-level types and secrets in clear. This function
 * checks the shapes inside objects, the rules between fields, and Auth0's limits.
 *
 * @throws pulumi.RunError with all errors at once: each with its key, its value unless it is secret, and the
 * command that corrects it.
 */
export function loadConfig(): StackConfig {
  const errors = new ConfigErrors();
  const domain = readDomain(errors);
  const values = readKeys(errors);
  const directories = chooseDirectories(values, errors);
  refuseUnknownKeys(directories, errors);
  const applications = chooseApplicationDirectories(values.applications, directories, errors);
  checkEnriched(values, directories, errors);
  checkPolicies(values.groupPolicy, directories, applications, errors);
  checkBindings(values, errors);
  const loaded: StackConfig = {
    domain,
    customDomain: values.customDomain,
    directories,
    applications,
    action: actionSettings(values, directories),
    machineClientGeneration: values.machineClientGeneration,
    postLoginBinding: values.postLoginBinding,
    postLoginBefore: values.postLoginBefore,
    postLoginAfter: values.postLoginAfter,
    bindAction: values.bindAction,
    preflight: values.preflight ?? !isLoopbackDomain(domain),
    protect: values.protect,
  };
  errors.throwIfAny();
  return loaded;
}
