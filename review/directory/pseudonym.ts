import { createHash, createHmac, randomBytes } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import type { PersonRow } from "./rows.ts";

/** The environment variable that may hold the key. */
export const KEY_VARIABLE = "DIRECTORY_PSEUDONYM_KEY";
const SHORTEST = 32;
const ADVICE = "Make one by: openssl rand -hex 32";

/**
 * The key of the pseudonyms: from a file, from the environment, or else a random one that nobody learns, so
 * that the pseudonyms of two imports differ.
 * @param out The file that is written; the key must not lie beside it.
 * @throws {UserError}
 */
export function pseudonymKey(
  { keyFile, out }: { readonly keyFile: string | undefined; readonly out: string },
  env: Readonly<Record<string, string | undefined>>,
): string | Buffer {
  const given = env[KEY_VARIABLE];
  if (keyFile !== undefined && given !== undefined) {
    throw new UserError(`The key is given twice, by --key-file and by ${KEY_VARIABLE}. Give it once.`);
  }
  if (keyFile === undefined && given === undefined) return randomBytes(32);
  if (keyFile !== undefined && isInside(dirname(out), keyFile)) {
    throw new UserError(
      `The key ${keyFile} lies beside the file that is written, and whoever had both could tell who is who. Keep the key elsewhere.`,
    );
  }
  const key = (keyFile === undefined ? given : readKey(keyFile))?.trim() ?? "";
  if (key.length < SHORTEST) {
    const place = keyFile === undefined ? KEY_VARIABLE : keyFile;
    throw new UserError(`The key in ${place} has fewer than ${SHORTEST} characters. ${ADVICE}`);
  }
  return key;
}

function readKey(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UserError(`The key file ${file} cannot be read (${code}). ${ADVICE}`);
  }
}

function isInside(folder: string, file: string): boolean {
  const real = (path: string): string => {
    try {
      return realpathSync(path);
    } catch {
      return resolve(path);
    }
  };
  return `${real(file)}${sep}`.startsWith(`${real(folder)}${sep}`);
}

/**
 * A person without what names them: id, email and names are made from a keyed hash of the email, and the job
 * title is left out. Department and groups stay.
 */
export function pseudonymise(row: PersonRow, key: string | Buffer, domain: string): PersonRow {
  const hash = createHmac("sha256", key).update(row.email.toLowerCase()).digest("hex");
  const name = hash.slice(32, 48);
  return {
    ...row,
    id: asUuid(hash),
    email: `${name}@${domain}`,
    name: `Person ${name}`,
    givenName: "Person",
    familyName: name,
    jobTitle: "(none)",
  };
}

/** Whether the people of a directory are pseudonyms, as `pseudonymise` names them. */
export function arePseudonyms(people: readonly { readonly name: string }[]): boolean {
  return people.length > 0 && people.every(({ name }) => /^Person [0-9a-f]{16}$/.test(name));
}

/** An id for what has none in the export: always the same one for the same words. */
export function derivedId(...words: readonly string[]): string {
  return asUuid(createHash("sha256").update(JSON.stringify(words)).digest("hex"));
}

/** The first half of a hash as a UUID of version 8, which is for hashes of one's own. */
function asUuid(hash: string): string {
  const parts = [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`, `8${hash.slice(17, 20)}`];
  return [...parts, hash.slice(20, 32)].join("-");
}
