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
  /** Where employees come from; never empty, and the first one has the resource names of a stack with one directory. */
  readonly directories: readonly DirectoryConfig[];
  readonly applications: readonly ApplicationConfig[];
  /** What is built into the Action. */
  readonly action: ActionSettings;
  /** Counts the machine clients that there have been; one more makes a new one take over. */
  readonly machineClientGeneration: number;
  /** Whether the stack owns the whole list of post-login Actions, or its own entry alone. */
  readonly postLoginBinding: "exclusive" | "shared";
  readonly postLoginBefore: readonly Binding[];
  readonly postLoginAfter: readonly Binding[];
  readonly bindAction: boolean;
  /** Whether `preview` and `up` ask the tenant first what of other people they would hit. */
  readonly preflight: boolean;
  readonly protect: boolean;
}

/**
 * Reads and checks the whole configuration; nothing else in the program asks Pulumi for it.
 *
 * The engine has refused missing keys, wrong top-level types and secrets in clear before; the shapes inside of objects, the
 * rules between fields and Auth0's limits are checked here.
 *
 * @throws pulumi.RunError with every error at once: its key, the value (of no secret) and the command that mends it.
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
