import * as pulumi from "@pulumi/pulumi";
import type { Faults } from "./faults.ts";

/** The secret of the first directory, whatever its name. */
export const firstSecretKey = "azureClientSecret";

/** The secret of a further directory. `Pulumi.yaml` cannot declare it: a declared secret has to be set in every stack. */
export function secretKeyOf(directory: string): string {
  return `${firstSecretKey}-${directory}`;
}

/** Reads a secret of the project without ever looking at it. */
export function readSecret(key: string, faults: Faults): pulumi.Output<string> {
  const config = new pulumi.Config();
  const mend = `pulumi config set --secret ${key}`;
  try {
    const secret = config.getSecret(key, { pattern: /\S/ });
    if (secret !== undefined) return secret;
    faults.add(key, "is missing", mend);
  } catch {
    // Only a blank value does not match; the SDK's own error would repeat it.
    faults.add(key, "is blank", mend);
  }
  return pulumi.secret("");
}
