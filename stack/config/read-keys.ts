import * as pulumi from "@pulumi/pulumi";
import { PRODUCT } from "../../action/product.ts";
import { inOrder, removeCommand, renameCommand, renameNamespaceCommand } from "./commands.ts";
import type { ConfigErrors } from "./config-errors.ts";
import { nearestName } from "./nearest-name.ts";
import { type KeyName, keys, type Values } from "./keys.ts";
import { firstSecretKey, isConfigSecret, secretKeyOf } from "./secrets.ts";
import { Setting } from "./setting.ts";

/** Reads every key that is not a secret, each on its own. */
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

/** The engine passes keys that Pulumi.yaml does not know, so a mistyped optional key would do nothing. */
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

/** Keys are of the project's name: of a project that was renamed, one that was left behind would do nothing, such as a policy. */
function refuseFormerNamespace(fullKey: string, project: string, errors: ConfigErrors): void {
  errors.add(
    fullKey,
    `is not read, because the project is called ${project}`,
    renameNamespaceCommand(PRODUCT, project, `Pulumi.${pulumi.getStack()}.yaml`),
  );
}

/** The command that gives a mistyped key's value to the right one; what is or should be secret is asked for anew. */
function replaceCommand(from: string, to: string, toSecret: boolean): string {
  const config = new pulumi.Config();
  if (toSecret && config.get(to) !== undefined) return removeCommand(from);
  if (toSecret) return inOrder(`pulumi config set --secret ${to}`, removeCommand(from));
  if (isSecret(from)) return inOrder(`pulumi config set ${to}`, removeCommand(from));
  if (isSetByPerson(config, to as KeyName)) return removeCommand(from);
  const text = config.get(from) ?? "";
  return renameCommand(from, to, keys[to as KeyName].type === "string" ? text : parsed(text));
}

/** The engine fills in defaults, so a key that has its default counts as not set. */
function isSetByPerson(config: pulumi.Config, name: KeyName): boolean {
  return (
    config.get(name) !== undefined &&
    JSON.stringify(rawValue(config, name)) !== JSON.stringify(keys[name].default)
  );
}

function isSecret(key: string): boolean {
  return isConfigSecret(`${pulumi.getProject()}:${key}`);
}

/** Without the engine nobody fills in defaults, so it is done here as well. */
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
