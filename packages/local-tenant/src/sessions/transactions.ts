import type { TenantContext } from "../context.ts";
import type { AuthorizeRequest, Transaction } from "./transaction.ts";

/** How long a person may take to sign in. */
const TRANSACTION_MS = 60 * 60 * 1000;

/** Remembers a sign-in that needs a page. */
export function beginTransaction(
  context: TenantContext,
  browser: string,
  request: AuthorizeRequest,
  rest: Pick<Transaction, "connectionId" | "resume"> = {},
): Transaction {
  const transaction: Transaction = { id: context.ids.secret(24), browser, request, ...rest };
  context.signIns.transactions.set(transaction.id, transaction, TRANSACTION_MS);
  return transaction;
}

/** The sign-in that a page belongs to, if this browser began it and it has not expired or ended. */
export function findTransaction(
  context: TenantContext,
  id: unknown,
  browser: string | undefined,
): Transaction | undefined {
  if (typeof id !== "string" || browser === undefined) return undefined;
  const transaction = context.signIns.transactions.get(id);
  return transaction?.browser === browser ? transaction : undefined;
}
