import type { TenantContext } from "../context.ts";
import { connectionsOf } from "../directory/enabled-connections.ts";
import type { ClientEntity } from "../store/entities.ts";
import { applicationsOf } from "../store/find-by-name.ts";
import { html } from "../web/html.ts";
import type { Html } from "../web/html.ts";

/** Where the console itself plays the application. */
export function tryOutCallback(context: TenantContext): string {
  return `${context.issuer}_local/callback`;
}

/** Whether the console may sign in as this application: its callbacks must contain the console's. */
export function canTryOut(context: TenantContext, client: ClientEntity): boolean {
  return (
    client.callbacks?.includes(tryOutCallback(context)) === true &&
    client.grant_types?.includes("authorization_code") === true
  );
}

/** A card for each application that people sign in to, and a line for the machines. */
export function applicationsSection(context: TenantContext): Html {
  const clients = applicationsOf(context.store);
  const machines = clients.filter((client) => !signsPeopleIn(client));
  const applications = clients.filter(signsPeopleIn);
  return html`
    ${
      applications.length === 0
        ? html`<p class="empty">Deploy to this tenant, and its applications appear here.</p>`
        : html`<ul class="cards">
            ${applications.map((client) => card(context, client))}
          </ul>`
    }
    ${
      machines.length === 0
        ? undefined
        : html`<p class="more">Machines: ${machines.map((client) => client.name).join(", ")}</p>`
    }
  `;
}

function signsPeopleIn(client: ClientEntity): boolean {
  return client.grant_types?.includes("authorization_code") === true && client.app_type !== "non_interactive";
}

function card(context: TenantContext, client: ClientEntity): Html {
  const connections = connectionsOf(context, client).map((connection) => connection.name);
  return html`<li class="card">
    <h3>${client.name}</h3>
    <dl>
      <dt>Client id</dt>
      <dd><code>${client.client_id}</code></dd>
      <dt>Connections</dt>
      <dd>${connections.length === 0 ? "none enabled" : connections.join(", ")}</dd>
      <dt>Callbacks</dt>
      ${(client.callbacks ?? []).map((url) => html`<dd><code>${url}</code></dd>`)}
    </dl>
    ${canTryOut(context, client) ? form(client) : hint(context)}
  </li>`;
}

function form(client: ClientEntity): Html {
  return html`<form method="post" action="/_local/sign-in">
    <input type="hidden" name="client_id" value="${client.client_id}" />
    <button class="primary" aria-label="Sign in to ${client.name}">Sign in</button>
  </form>`;
}

function hint(context: TenantContext): Html {
  return html`<p class="detail">
    To try it from here, add the callback <code>${tryOutCallback(context)}</code>.
  </p>`;
}
