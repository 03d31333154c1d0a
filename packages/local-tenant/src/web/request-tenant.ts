import type { FastifyInstance } from "fastify";
import type { TenantContext } from "../context.ts";

/**
 * Gives each request's handler the tenant as that request sees it: with a store whose changes are one
 * transaction, which is stored before the answer leaves, and with the directory as it is at the first look.
 */
export function tenantOfEachRequest(app: FastifyInstance): void {
  app.addHook("preHandler", (request, _reply, done) => {
    request.tenant = seenByRequest(request.tenant);
    done();
  });
  app.addHook("onSend", (request, _reply, _payload, done) => {
    const { store } = request.tenant;
    if (store.endUnchanged()) done();
    else store.commit().then(() => done(), done);
  });
}

interface Own {
  readonly store: TenantContext["store"];
  looked: TenantContext["directory"] | undefined;
}

/** What all requests of a tenant inherit, by the tenant. */
const inherited = new WeakMap<TenantContext, object>();

function seenByRequest(tenant: TenantContext): TenantContext {
  const above = inherited.get(tenant) ?? lookingOnce(tenant);
  inherited.set(tenant, above);
  const own: Own = { store: tenant.store.begin(), looked: undefined };
  // SAFETY: the object has everything of the tenant.
  return Object.assign(Object.create(above) as object, own) as unknown as TenantContext;
}

/** The source may ask the system whether its file has changed, which costs more than all else about it. */
function lookingOnce(tenant: TenantContext): object {
  return Object.create(tenant, {
    directory: {
      get(this: Own): TenantContext["directory"] {
        return (this.looked ??= tenant.directory);
      },
    },
  }) as object;
}
