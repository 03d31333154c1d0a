import type * as Crypto from "node:crypto";
import type { Secrets } from "../../types.ts";
import { PRODUCT } from "../../product.ts";

/** A token and its last usable moment, in milliseconds since 1970. */
export interface Token {
  readonly text: string;
  readonly expiresAt: number;
}

const CIPHER = "aes-256-gcm";

/**
 * Seals a token (AES-256-GCM) for a cache that other Actions read and write. The key is derived from the
 * client secret, which they do not have. The tenant and the client are authenticated, so that an entry of
 * another tenant or client does not open. The token's end is inside, because others can prolong the entry's.
 * The result is 12 bytes of initialization vector, the token, and 16 bytes of tag.
 */
export function seal(token: Token, secrets: Secrets): string {
  const { crypto, key, bound } = materials(secrets);
  const iv = crypto.randomBytes(12);
  const cipher = crypto.createCipheriv(CIPHER, key, iv).setAAD(bound);
  const sealed = [iv, cipher.update(JSON.stringify(token)), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(sealed).toString("base64");
}

/** Opens what {@link seal} made. Throws for anything else. */
export function unseal(sealed: string, secrets: Secrets): Token {
  const { crypto, key, bound } = materials(secrets);
  const bytes = Buffer.from(sealed, "base64");
  const cipher = crypto.createDecipheriv(CIPHER, key, bytes.subarray(0, 12)).setAAD(bound);
  // A shorter tag could be guessed. It is always 16 bytes here, unless the whole text is so short that it
  // contains no JSON.
  cipher.setAuthTag(bytes.subarray(-16));
  const json = cipher.update(bytes.subarray(12, -16), undefined, "utf8") + cipher.final("utf8");
  // SAFETY: nobody else can have sealed it.
  return JSON.parse(json) as Token;
}

function materials({ TENANT, APP_CLIENT_ID, APP_CLIENT_SECRET }: Secrets) {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- most sign-ins need no token
  const crypto = require("node:crypto") as typeof Crypto;
  const bound = Buffer.from(JSON.stringify([PRODUCT, TENANT, APP_CLIENT_ID]));
  const key = Buffer.from(crypto.hkdfSync("sha256", APP_CLIENT_SECRET, "", bound, 32));
  return { crypto, key, bound };
}
