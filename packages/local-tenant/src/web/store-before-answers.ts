import type { FastifyInstance } from "fastify";
import type { TenantContext } from "../context.ts";

/** Makes the changes of each request a transaction, and stores it before the answer leaves. */
export function storeBeforeAnswers(app: FastifyInstance): void {
  app.addHook("preHandler", (request, _reply, done) => {
    const { tenant } = request;
    const store = tenant.store.begin();
    if (store !== tenant.store) request.tenant = withStore(tenant, store);
    done();
  });
  app.addHook("onSend", (request, _reply, _payload, done) => {
    const { store } = request.tenant;
    if (store.endUnchanged()) done();
    else store.commit().then(() => done(), done);
  });
}

/** The tenant with the store that its handler changes. */
function withStore(tenant: TenantContext, store: TenantContext["store"]): TenantContext {
  // SAFETY: the object has everything of the tenant, and the store besides.
  return Object.assign(Object.create(tenant) as object, { store }) as TenantContext;
}
