import type { TenantContext } from "../context.ts";
import type { RequestRecord } from "../sessions/request-log.ts";
import { html } from "../web/html.ts";
import type { Html } from "../web/html.ts";
import type { Trace } from "../sessions/traces.ts";

/** The last sign-ins, the newest first; each links to its trace. */
export function signInsTable(traces: readonly Trace[]): Html {
  if (traces.length === 0)
    return html`<p class="empty">Nobody has signed in since the tenant was started.</p>`;
  return table(
    "sign-ins",
    ["Time", "Outcome", "Person", "Application", "Connection", "Actions"],
    traces.map((trace) => ({
      milliseconds: trace.milliseconds,
      cells: html`<td><a href="/_local/sign-ins/${trace.id}">${clock(trace.time)}</a></td>
        <td>${outcomeBadge(trace)}</td>
        <td>${trace.user.name ?? trace.user.email ?? trace.user.id}</td>
        <td>${trace.client.name}</td>
        <td>${trace.connection.name}</td>
        <td>${trace.actions.length}</td>`,
    })),
  );
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
  return table(
    "requests",
    ["Time", "Status", "Request", "Client"],
    records.map((record) => ({
      milliseconds: record.milliseconds,
      cells: html`<td>${clock(record.time)}</td>
        <td><span class="badge ${record.status < 400 ? "good" : "bad"}">${record.status}</span></td>
        <td class="path"><code>${record.method} ${shortened(record.path)}</code></td>
        <td>${clientName(context, record.clientId)}</td>`,
    })),
  );
}

interface Row {
  readonly cells: Html;
  readonly milliseconds: number;
}

/**
 * A table that scrolls by itself, named by the heading with the id `label`; its last column says how long
 * each row took.
 */
function table(label: string, columns: readonly string[], rows: readonly Row[]): Html {
  return html`<div class="scroll" role="region" aria-labelledby="${label}" tabindex="0">
    <table>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
          <th scope="col" class="number">ms</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ cells, milliseconds }) =>
            html`<tr>
              ${cells}
              <td class="number">${Math.round(milliseconds)}</td>
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
