import * as pulumi from "@pulumi/pulumi";
import { type Faults, nearestName, removeCommand, renameNamespaceCommand } from "./faults.ts";
import { type KeyName, keys, type Values } from "./keys.ts";
import { firstSecretKey, secretKeyOf } from "./secrets.ts";
import { Setting } from "./setting.ts";

/** What the project is called until a company gives it a name of its own. */
const FIRST_NAME = "workforce-sso";

/** Reads every key that is not a secret, each on its own. */
export function readKeys(faults: Faults): Values {
  const config = new pulumi.Config();
  // SAFETY: the object is built from exactly the table's names and what their own readers give.
  return Object.fromEntries(
    (Object.keys(keys) as KeyName[]).map((name) => [
      name,
      keys[name].read(new Setting(name, rawValue(config, name), faults)),
    ]),
  ) as unknown as Values;
}

/** The engine passes keys that Pulumi.yaml does not know, so a mistyped optional key would do nothing. */
export function refuseUnknownKeys(directories: readonly { readonly name: string }[], faults: Faults): void {
  const known = [
    ...Object.keys(keys),
    firstSecretKey,
    ...directories.slice(1).map(({ name }) => secretKeyOf(name)),
  ];
  const project = pulumi.getProject();
  for (const fullKey of Object.keys(pulumi.runtime.allConfig())) {
    const [namespace, key = ""] = fullKey.split(":", 2);
    if (namespace !== project) {
      if (namespace === FIRST_NAME) refuseFormerNamespace(fullKey, project, faults);
      continue;
    }
    if (known.includes(key)) continue;
    const near = nearestName(key, known);
    faults.add(
      key,
      near === undefined ? "is not known." : `is not known. Did you mean ${near}?`,
      removeCommand(key),
    );
  }
}

/** Keys are of the project's name: of a project that was renamed, one that was left behind would do nothing, such as a policy. */
function refuseFormerNamespace(fullKey: string, project: string, faults: Faults): void {
  faults.add(
    fullKey,
    `is not read, because the project is called ${project}`,
    renameNamespaceCommand(FIRST_NAME, project, `Pulumi.${pulumi.getStack()}.yaml`),
  );
}

/** Without the engine nobody fills in defaults, so it is done here as well. */
function rawValue(config: pulumi.Config, name: KeyName): unknown {
  const text = config.get(name);
  if (text === undefined) return keys[name].default;
  if (keys[name].type === "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
