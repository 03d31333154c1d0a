import type { ConnectionEntity } from "../store/entities.ts";
import { html } from "../web/html.ts";
import type { Html } from "../web/html.ts";
import type { Transaction } from "../sessions/transaction.ts";

/**
 * The page of an application with several connections: a directory by its button or by an email's domain, or
 * a password.
 */
export function pickerPage(
  transaction: Transaction,
  connections: readonly ConnectionEntity[],
  applicationName: string,
): Html {
  return html`<main class="card">
    <p class="eyebrow">Local tenant</p>
    <h1>Sign in to ${applicationName}</h1>
    <ul class="people">
      ${connections.map(
        (connection) =>
          html`<li>
            <a class="button" href="/u/login?${query(transaction, connection)}">
              <span class="name">Continue with ${displayName(connection)}</span>
              <span class="detail">${connection.strategy}</span>
            </a>
          </li>`,
      )}
    </ul>
  </main>`;
}

function query(transaction: Transaction, connection: ConnectionEntity): string {
  return new URLSearchParams({ state: transaction.id, connection: connection.name }).toString();
}

function displayName(connection: ConnectionEntity): string {
  return typeof connection["display_name"] === "string" ? connection["display_name"] : connection.name;
}
