import type { TenantContext } from "../context.ts";
import type { RequestRecord } from "../sessions/request-log.ts";
import { html } from "../web/html.ts";
import type { Html } from "../web/html.ts";
import type { Trace } from "../sessions/traces.ts";

/** The last sign-ins, the newest first; each links to its trace. */
export function signInsTable(traces: readonly Trace[]): Html {
  if (traces.length === 0)
    return html`<p class="empty">Nobody has signed in since the tenant was started.</p>`;
  return html`<div class="scroll" role="region" aria-labelledby="sign-ins" tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Outcome</th>
          <th scope="col">Person</th>
          <th scope="col">Application</th>
          <th scope="col">Connection</th>
          <th scope="col">Actions</th>
          <th scope="col" class="number">ms</th>
        </tr>
      </thead>
      <tbody>
        ${traces.map(
          (trace) =>
            html`<tr>
              <td><a href="/_local/sign-ins/${trace.id}">${clock(trace.time)}</a></td>
              <td>${outcomeBadge(trace)}</td>
              <td>${trace.user.name ?? trace.user.email ?? trace.user.id}</td>
              <td>${trace.client.name}</td>
              <td>${trace.connection.name}</td>
              <td>${trace.actions.length}</td>
              <td class="number">${Math.round(trace.milliseconds)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** How a sign-in ended, in a word and a colour, and how many warnings it left. */
export function outcomeBadge(trace: Trace): Html {
  const refresh = trace.protocol === "oauth2-refresh-token" ? " · refresh" : "";
  const count = trace.warnings.length;
  return html`<span class="badge ${trace.outcome === "completed" ? "good" : "bad"}"
      >${trace.outcome}${refresh}</span
    >
    ${
      count === 0
        ? undefined
        : html`<span class="badge warn">${count === 1 ? "1 warning" : `${count} warnings`}</span>`
    }`;
}

/** The last requests, the newest first. */
export function requestsTable(context: TenantContext, records: readonly RequestRecord[]): Html {
  if (records.length === 0) return html`<p class="empty">No requests yet.</p>`;
  return html`<div class="scroll" role="region" aria-labelledby="requests" tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Status</th>
          <th scope="col">Request</th>
          <th scope="col">Client</th>
          <th scope="col" class="number">ms</th>
        </tr>
      </thead>
      <tbody>
        ${records.map(
          (record) =>
            html`<tr>
              <td>${clock(record.time)}</td>
              <td><span class="badge ${record.status < 400 ? "good" : "bad"}">${record.status}</span></td>
              <td class="path"><code>${record.method} ${shortened(record.path)}</code></td>
              <td>${clientName(context, record.clientId)}</td>
              <td class="number">${Math.round(record.milliseconds)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** The time of day, to the second, in UTC. */
export function clock(time: number): Html {
  const date = new Date(time).toISOString();
  return html`<time datetime="${date}">${date.slice(11, 19)}</time>`;
}

function shortened(path: string): string {
  return path.length > 90 ? `${path.slice(0, 89)}…` : path;
}

function clientName({ store }: TenantContext, id: string | undefined): string {
  return id === undefined ? "" : (store.tables.clients.get(id)?.name ?? id);
}
