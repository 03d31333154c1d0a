import { createHash, createPrivateKey, createPublicKey, generateKeyPair, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { jwtVerify } from "jose";
import type { JWTPayload } from "jose";
import { createCertificate, fromPem, pkcs7Of, toPem } from "../lib/certificate.ts";
import type { JsonObject, SigningKeyEntity } from "./entities.ts";
import type { Ids } from "./ids.ts";
import type { Store } from "./state.ts";

const BITS = 2048;

/** With a callback, Node.js makes the signature on a thread beside the main one. */
const signBeside = promisify(sign);

/** As long as a signature by such a key. */
const NO_SIGNATURE = Buffer.alloc(BITS / 8).toString("base64url");

/** Header and claims of a JWT as they are signed (RFC 7515 section 5.1). */
function signingInput({ kid }: SigningKeyEntity, claims: JWTPayload, typ: string): string {
  return `${encoded({ alg: "RS256", typ, kid })}.${encoded(claims)}`;
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

/**
 * The tenant's RS256 keys: one that signs now, one that is next, and earlier ones that still verify until
 * they are revoked, as production does (docs get-started/tenant-settings/signing-keys).
 */
export class SigningKeys {
  readonly #store: Store;
  readonly #ids: Ids;
  readonly #now: () => number;
  readonly #imported = new Map<string, { readonly privateKey: KeyObject; readonly publicKey: KeyObject }>();

  constructor(store: Store, ids: Ids, now: () => number) {
    this.#store = store;
    this.#ids = ids;
    this.#now = now;
  }

  /** Makes the current and the next key where there are none yet. */
  async ensure(): Promise<void> {
    const keys = this.#store.tables.signingKeys;
    if (!keys.find((key) => key.current)) {
      keys.put({ ...(await this.#generate()), current: true, current_since: this.#date() });
    }
    if (!keys.find((key) => key.next)) keys.put({ ...(await this.#generate()), next: true });
  }

  current(): SigningKeyEntity {
    const key = this.#store.tables.signingKeys.find((candidate) => candidate.current);
    if (key === undefined)
      throw new Error("The tenant has no signing key: SigningKeys.ensure() has not run.");
    return key;
  }

  /** The next key becomes the current one, the current one the previous, and a new next key is made. */
  async rotate(): Promise<SigningKeyEntity> {
    const keys = this.#store.tables.signingKeys;
    for (const key of keys.list((candidate) => candidate.previous)) keys.put({ ...key, previous: false });
    const current = this.current();
    const next = keys.find((key) => key.next) ?? (await this.#generate());
    keys.put({ ...current, current: false, previous: true, current_until: this.#date() });
    keys.put({ ...next, next: false, current: true, current_since: this.#date() });
    keys.put({ ...(await this.#generate()), next: true });
    return this.current();
  }

  /** Public keys as `/.well-known/jwks.json` answers them: those not revoked. */
  jwks(): { keys: JsonObject[] } {
    const keys = this.#store.tables.signingKeys.list((key) => !key.revoked);
    return { keys: keys.map(publicJwk) };
  }

  /**
   * Signs claims as a compact JWT with the current key, on another thread. `typ` is the header's type, `JWT`
   * by default.
   */
  async sign(claims: JWTPayload, typ = "JWT"): Promise<string> {
    const key = this.current();
    // Not jose's SignJWT: it copies the claims twice, which takes longer than all that is done here.
    const signed = signingInput(key, claims, typ);
    const signature = await signBeside("RSA-SHA256", Buffer.from(signed), this.#import(key).privateKey);
    return `${signed}.${signature.toString("base64url")}`;
  }

  /**
   * The JWT that `sign` would make, with zeros where its signature is. The signature of a key has one length,
   * so the size is exact. The token is never valid.
   */
  imitate(claims: JWTPayload, typ = "JWT"): string {
    return `${signingInput(this.current(), claims, typ)}.${NO_SIGNATURE}`;
  }

  /**
   * Checks a JWT that this tenant issued: that a key which is not revoked signed it, with RS256, its issuer,
   * its expiry, and its audience if one is given.
   * @throws whatever jose throws (`code` such as `ERR_JWT_EXPIRED`).
   */
  async verify(
    token: string,
    options: { issuer: string; audience?: string | string[] },
  ): Promise<JWTPayload> {
    const { payload } = await jwtVerify(
      token,
      (header) => {
        const key = header.kid === undefined ? undefined : this.#store.tables.signingKeys.get(header.kid);
        if (key === undefined || key.revoked) throw new Error("The token is signed with an unknown key.");
        return this.#import(key).publicKey;
      },
      {
        algorithms: ["RS256"],
        issuer: options.issuer,
        currentDate: new Date(this.#now()),
        ...(options.audience === undefined ? {} : { audience: options.audience }),
      },
    );
    return payload;
  }

  #import(key: SigningKeyEntity): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
    let imported = this.#imported.get(key.kid);
    if (imported === undefined) {
      const privateKey = createPrivateKey({ key: key.private_jwk, format: "jwk" });
      imported = { privateKey, publicKey: createPublicKey(privateKey) };
      this.#imported.set(key.kid, imported);
    }
    return imported;
  }

  async #generate(): Promise<SigningKeyEntity> {
    const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: BITS });
    const certificate = createCertificate({
      subject: this.#store.domain.split(":")[0] ?? "localhost",
      notBefore: new Date(this.#now()),
      notAfter: new Date(this.#now() + 5000 * 86_400_000),
      publicKey,
      signingKey: privateKey,
    });
    return {
      kid: this.#ids.alphanumeric(21),
      // SAFETY: an exported RSA key is an object of strings.
      private_jwk: privateKey.export({ format: "jwk" }) as JsonObject,
      cert: toPem("CERTIFICATE", certificate),
      pkcs7: toPem("PKCS7", pkcs7Of(certificate)),
      thumbprint: createHash("sha1").update(certificate).digest("hex").toUpperCase(),
      current: false,
      next: false,
      previous: false,
      revoked: false,
    };
  }

  #date(): string {
    return new Date(this.#now()).toISOString();
  }
}

function publicJwk(key: SigningKeyEntity): JsonObject {
  const der = fromPem(key.cert);
  return {
    alg: "RS256",
    kty: "RSA",
    use: "sig",
    n: key.private_jwk["n"] ?? null,
    e: key.private_jwk["e"] ?? null,
    kid: key.kid,
    x5t: createHash("sha1").update(der).digest("base64url"),
    x5c: [der.toString("base64")],
  };
}
