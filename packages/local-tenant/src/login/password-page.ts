import type { ConnectionEntity } from "../store/entities.ts";
import { html } from "../web/html.ts";
import type { Html } from "../web/html.ts";
import type { Transaction } from "../sessions/transaction.ts";

/** The sign-in form of a database connection. */
export function passwordPage(
  transaction: Transaction,
  connection: ConnectionEntity,
  applicationName: string,
  failure: string | undefined,
  username: string,
): Html {
  return html`<main class="card">
    <p class="eyebrow">${connection.name}</p>
    <h1>Sign in to ${applicationName}</h1>
    ${failure === undefined ? undefined : html`<p class="alert" role="alert">${failure}</p>`}
    <form method="post" action="/u/login">
      <input type="hidden" name="state" value="${transaction.id}" />
      <label for="username">Email address</label>
      <input
        id="username"
        name="username"
        value="${username}"
        autocomplete="username"
        required
        maxlength="320"
      />
      <label for="password">Password</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="current-password"
        required
        maxlength="256"
      />
      <button class="primary">Continue</button>
    </form>
  </main>`;
}
