import type { SigningKeyEntity } from "../store/entities.ts";
import { ManagementError } from "../lib/errors.ts";
import { found } from "./not-found.ts";
import { created, ok, operation } from "./operation.ts";
import type { Operation } from "./operation.ts";

const list = operation({
  id: "signingKeys.list",
  method: "GET",
  path: "/keys/signing",
  scopes: ["read:signing_keys"],
  handle: async ({ tenant }) => {
    await tenant.keys.ensureAll();
    return ok(tenant.store.tables.signingKeys.list().map(viewKey));
  },
});

const get = operation({
  id: "signingKeys.get",
  method: "GET",
  path: "/keys/signing/:kid",
  scopes: ["read:signing_keys"],
  handle: ({ params, tenant }) =>
    ok(viewKey(found(tenant.store.tables.signingKeys.get(params["kid"] ?? ""), "The key does not exist"))),
});

const rotate = operation({
  id: "signingKeys.rotate",
  method: "POST",
  path: "/keys/signing/rotate",
  scopes: ["create:signing_keys", "update:signing_keys"],
  handle: async ({ tenant }) => {
    const { cert, kid } = await tenant.keys.rotate(tenant.store);
    return created({ cert, kid });
  },
});

const revoke = operation({
  id: "signingKeys.revoke",
  method: "PUT",
  path: "/keys/signing/:kid/revoke",
  scopes: ["update:signing_keys"],
  handle: ({ params, tenant }) => {
    const { signingKeys } = tenant.store.tables;
    const key = found(signingKeys.get(params["kid"] ?? ""), "The key does not exist");
    if (key.current || key.next) {
      throw new ManagementError(
        400,
        "Only a previous key can be revoked. Rotate the keys first, then revoke the one that was current.",
        "invalid_body",
      );
    }
    const date = new Date(tenant.now()).toISOString();
    const revoked = signingKeys.put({ ...key, revoked: true, revoked_at: date });
    return ok({ cert: revoked.cert, kid: revoked.kid });
  },
});

export const signingKeyOperations: readonly Operation[] = [list, get, rotate, revoke];

/** Only what is public: the private key never leaves the tenant. */
function viewKey(key: SigningKeyEntity): Record<string, unknown> {
  const { kid, cert, pkcs7, thumbprint, current, next, previous } = key;
  return {
    kid,
    cert,
    pkcs7,
    current,
    next,
    previous,
    ...(key.current_since === undefined ? {} : { current_since: key.current_since }),
    ...(key.current_until === undefined ? {} : { current_until: key.current_until }),
    fingerprint: (thumbprint.match(/../g) ?? []).join(":"),
    thumbprint,
    revoked: key.revoked,
    ...(key.revoked_at === undefined ? {} : { revoked_at: key.revoked_at }),
  };
}
