import type { FastifyInstance } from "fastify";
import type { Transaction } from "../store/transactions.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** What the request has changed; absent before its handler, and for a tenant in memory. */
    transaction: Transaction | undefined;
  }
}

/** Makes the changes of each request a transaction, and stores it before the answer leaves. */
export function storeBeforeAnswers(app: FastifyInstance): void {
  app.decorateRequest("transaction", undefined);
  app.addHook("preHandler", (request, _reply, done) => {
    const { store } = request.tenant;
    request.transaction = store.begin();
    store.during(request.transaction, done);
  });
  app.addHook("onSend", async ({ tenant: { store }, transaction }) =>
    store.commit(transaction ?? store.begin()),
  );
}
