import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

const KEY_BYTES = 32;
const COST = { N: 16_384, r: 8, p: 1 } as const;

/** Hashes a password for a profile's `password_hash`: `scrypt$SALT$KEY`, both base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt);
  return `scrypt$${salt.toString("base64url")}$${key.toString("base64url")}`;
}

/**
 * Whether a password is the one of a hash. Without a hash (an unknown user) it takes as long and answers
 * `false`, so that nobody can find out who has an account.
 */
export async function verifyPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [, salt = "", key = ""] = /^scrypt\$([\w-]+)\$([\w-]+)$/.exec(hash ?? "") ?? [];
  const derived = await derive(password, Buffer.from(salt === "" ? "none" : salt, "base64url"));
  const expected = Buffer.from(key, "base64url");
  return expected.length === derived.length && timingSafeEqual(expected, derived);
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, KEY_BYTES, COST, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}
