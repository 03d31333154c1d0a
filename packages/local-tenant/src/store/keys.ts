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

type Role = "current" | "next";

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
  /** The tenant's own: a key does not belong to the changes of the first request that asks for it. */
  readonly #store: Store;
  readonly #ids: Ids;
  readonly #now: () => number;
  readonly #imported = new Map<string, { readonly privateKey: KeyObject; readonly publicKey: KeyObject }>();
  /** The ids are drawn in one order, however long a key takes, so that a seed always gives the same. */
  readonly #kids = new Map<Role, string>();
  readonly #underWay = new Map<Role, Promise<void>>();
  #closed = false;

  constructor(store: Store, ids: Ids, now: () => number) {
    this.#store = store;
    this.#ids = ids;
    this.#now = now;
  }

  /**
   * Resolves when there is a key that signs. It is made beside what the caller does meanwhile, because an RSA
   * key takes a tenth of a second or more.
   */
  async ensure(): Promise<void> {
    for (const role of ["current", "next"] as const) {
      if (!this.#kids.has(role) && this.#find(role) === undefined) this.#kids.set(role, this.#newKid());
    }
    await this.#have("current");
  }

  /** Resolves when the next key is there too, which is made only when somebody may want to know it. */
  async ensureAll(): Promise<void> {
    await Promise.all([this.ensure(), this.#have("next")]);
  }

  /** Drops the keys that are not done yet. */
  close(): void {
    this.#closed = true;
  }

  current(): SigningKeyEntity {
    return this.#get("current");
  }

  /**
   * The next key becomes the current one, the current one the previous, and a new next key is made. `store`
   * is that of the request which asks for it.
   */
  async rotate(store = this.#store): Promise<SigningKeyEntity> {
    const [newest] = await Promise.all([this.#generate(this.#newKid()), this.ensureAll()]);
    const keys = store.tables.signingKeys;
    const [current, next] = [this.current(), this.#get("next")];
    for (const key of keys.list((candidate) => candidate.previous)) keys.put({ ...key, previous: false });
    keys.put({ ...current, current: false, previous: true, current_until: this.#date() });
    keys.put({ ...next, next: false, current: true, current_since: this.#date() });
    keys.put({ ...newest, next: true });
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
    await this.ensure();
    // Whoever gets a token may ask for all keys soon.
    this.#have("next")?.catch(() => undefined);
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
  async imitate(claims: JWTPayload, typ = "JWT"): Promise<string> {
    await this.ensure();
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

  #find(role: Role): SigningKeyEntity | undefined {
    return this.#store.tables.signingKeys.find((key) => key[role]);
  }

  #get(role: Role): SigningKeyEntity {
    const key = this.#find(role);
    if (key === undefined) throw new Error(`The tenant has no ${role} signing key yet.`);
    return key;
  }

  #newKid(): string {
    return this.#ids.alphanumeric(21);
  }

  /** Resolves when there is such a key, which is made once, however many wait for it. */
  #have(role: Role): Promise<void> | undefined {
    if (this.#find(role) !== undefined) return undefined;
    let making = this.#underWay.get(role);
    if (making === undefined) {
      making = this.#make(role).finally(() => this.#underWay.delete(role));
      this.#underWay.set(role, making);
    }
    return making;
  }

  async #make(role: Role): Promise<void> {
    const key = await this.#generate(this.#kids.get(role) ?? this.#newKid());
    this.#kids.delete(role);
    // Meanwhile a rotation may have made one.
    if (this.#closed || this.#find(role) !== undefined) return;
    const since = role === "current" ? { current_since: this.#date() } : {};
    this.#store.tables.signingKeys.put({ ...key, [role]: true, ...since });
    this.#store.save();
  }

  async #generate(kid: string): Promise<SigningKeyEntity> {
    const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: BITS });
    const certificate = createCertificate({
      subject: this.#store.domain.split(":")[0] ?? "localhost",
      notBefore: new Date(this.#now()),
      notAfter: new Date(this.#now() + 5000 * 86_400_000),
      publicKey,
      signingKey: privateKey,
    });
    return {
      kid,
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
