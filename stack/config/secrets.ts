import * as pulumi from "@pulumi/pulumi";
import type { ConfigErrors } from "./config-errors.ts";

/** The key of the first directory's secret, whatever the directory is called. */
export const firstSecretKey = "azureClientSecret";

/**
 * The key of a further directory's secret. `Pulumi.yaml` cannot declare it, because a declared secret must be
 * set in every stack.
 */
export function secretKeyOf(directory: string): string {
  return `${firstSecretKey}-${directory}`;
}

/** Reads a secret of the project as an output, never as plain text. */
export function readSecret(key: string, errors: ConfigErrors): pulumi.Output<string> {
  const config = new pulumi.Config();
  const mend = `pulumi config set --secret ${key}`;
  if (config.get(key) !== undefined && !isConfigSecret(`${pulumi.getProject()}:${key}`)) {
    // The engine refuses a plain secret only if Pulumi.yaml declares its key.
    errors.add(
      key,
      "is not encrypted, so whoever reads the stack's file knows it: make a new one in Entra ID",
      mend,
    );
    return pulumi.secret("");
  }
  try {
    const secret = config.getSecret(key, { pattern: /\S/ });
    if (secret !== undefined) return secret;
    errors.add(key, "is missing", mend);
  } catch {
    // Only a blank value does not match. The SDK's own error is not used, because it repeats the value.
    errors.add(key, "is blank", mend);
  }
  return pulumi.secret("");
}

/** Whether the engine keeps a key of the configuration encrypted. */
export function isConfigSecret(fullKey: string): boolean {
  // SAFETY: the SDK exports this function, and marks it internal, which keeps it out of the declarations.
  const { isConfigSecret: ask } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };
  return ask(fullKey);
}
