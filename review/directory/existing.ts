import { readFileSync } from "node:fs";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import type { Directory } from "../../packages/local-tenant/src/index.ts";

type FurtherDirectory = Omit<Directory, "domain" | "defaultEmployee" | "directories"> & {
  readonly tenantDomain: string;
};
/** A directory's file as it is written, of which a further directory is to become a part. */
export type DirectoryFile = Omit<Directory, "directories"> & {
  readonly directories?: readonly FurtherDirectory[];
};

/**
 * Reads the file that a further directory is added to, without the further directory of that domain.
 * @throws {UserError} where there is none.
 */
export function readExisting(file: string, domain: string): DirectoryFile {
  let found: DirectoryFile;
  try {
    // SAFETY: an import wrote it; the lines below refuse what has another shape.
    found = JSON.parse(readFileSync(file, "utf8")) as DirectoryFile;
    if (!Array.isArray(found.employees) || !Array.isArray(found.groups))
      throw new Error("it has no employees");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `A further directory needs the company's own in ${file} (${reason}). Import that one first, without --directory.`,
    );
  }
  const same = (other: string) => other.toLowerCase() === domain.toLowerCase();
  if (same(found.domain)) {
    throw new UserError(`${domain} is the company's own domain in ${file}. Import it without --directory.`);
  }
  const others = found.directories?.filter(({ tenantDomain }) => !same(tenantDomain)) ?? [];
  return { ...found, directories: others };
}
