import * as pulumi from "@pulumi/pulumi";
import { PRODUCT } from "../../action/product.ts";
import { inOrder, removeCommand, renameCommand, renameNamespaceCommand } from "./commands.ts";
import type { ConfigErrors } from "./config-errors.ts";
import { nearestName } from "./nearest-name.ts";
import { type KeyName, keys, type Values } from "./keys.ts";
import { firstSecretKey, isConfigSecret, secretKeyOf } from "./secrets.ts";
import { Setting } from "./setting.ts";

/** Reads every key that is not a secret, each without the others. */
export function readKeys(errors: ConfigErrors): Values {
  const config = new pulumi.Config();
  // SAFETY: the object is built from exactly the table's names and what their own readers give.
  return Object.fromEntries(
    (Object.keys(keys) as KeyName[]).map((name) => [
      name,
      keys[name].read(new Setting(name, rawValue(config, name), errors, isSecret(name))),
    ]),
  ) as unknown as Values;
}

/**
 * Refuses unknown keys. The engine accepts keys that Pulumi.yaml does not declare, so a mistyped optional key
 * would do nothing.
 */
export function refuseUnknownKeys(
  directories: readonly { readonly name: string }[],
  errors: ConfigErrors,
): void {
  const secrets = [firstSecretKey, ...directories.slice(1).map(({ name }) => secretKeyOf(name))];
  const known = [...Object.keys(keys), ...secrets];
  const project = pulumi.getProject();
  for (const fullKey of Object.keys(pulumi.runtime.allConfig())) {
    const [namespace, key = ""] = fullKey.split(":", 2);
    if (namespace !== project) {
      if (namespace === PRODUCT) refuseFormerNamespace(fullKey, project, errors);
      continue;
    }
    if (known.includes(key)) continue;
    const near = nearestName(key, known);
    errors.add(
      key,
      near === undefined ? "is not known." : `is not known. Did you mean ${near}?`,
      near === undefined ? removeCommand(key) : replaceCommand(key, near, secrets.includes(near)),
    );
  }
}

/**
 * Refuses keys that begin with the product's name in a project that was renamed. The program does not read
 * them, so a policy that was left behind would do nothing.
 */
function refuseFormerNamespace(fullKey: string, project: string, errors: ConfigErrors): void {
  errors.add(
    fullKey,
    `is not read, because the project is called ${project}`,
    renameNamespaceCommand(PRODUCT, project, `Pulumi.${pulumi.getStack()}.yaml`),
  );
}

/**
 * The command that gives the value of a mistyped key to the right key. The CLI asks again for a value that is
 * or must be secret.
 */
function replaceCommand(from: string, to: string, toSecret: boolean): string {
  const config = new pulumi.Config();
  if (toSecret && config.get(to) !== undefined) return removeCommand(from);
  if (toSecret) return inOrder(`pulumi config set --secret ${to}`, removeCommand(from));
  if (isSecret(from)) return inOrder(`pulumi config set ${to}`, removeCommand(from));
  if (isSetByPerson(config, to as KeyName)) return removeCommand(from);
  const text = config.get(from) ?? "";
  return renameCommand(from, to, keys[to as KeyName].type === "string" ? text : parsed(text));
}

/**
 * Whether a person has set a key. The engine fills in defaults, so a key with its default counts as not set.
 */
function isSetByPerson(config: pulumi.Config, name: KeyName): boolean {
  return (
    config.get(name) !== undefined &&
    JSON.stringify(rawValue(config, name)) !== JSON.stringify(keys[name].default)
  );
}

function isSecret(key: string): boolean {
  return isConfigSecret(`${pulumi.getProject()}:${key}`);
}

/** The value of a key. Defaults are filled in here too, because without an engine nothing else does it. */
function rawValue(config: pulumi.Config, name: KeyName): unknown {
  const text = config.get(name);
  if (text === undefined) return keys[name].default;
  return keys[name].type === "string" ? text : parsed(text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
