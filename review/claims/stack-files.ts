import { readdirSync } from "node:fs";

/** Names of the stacks' files in a project's folder. */
export function stackFiles(root: string): string[] {
  return readdirSync(root)
    .filter((name) => /^Pulumi\..+\.yaml$/.test(name))
    .sort();
}
