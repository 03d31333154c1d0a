import type { ActionRun } from "../actions/types.ts";
import type { TenantContext } from "../context.ts";
import { html } from "../web/html.ts";
import type { Html } from "../web/html.ts";
import type { Trace } from "../sessions/traces.ts";
import { claimsList } from "./claims-list.ts";
import { layout } from "./layout.ts";
import { clock, outcomeBadge } from "./tables.ts";

/** A page about one sign-in, or one that says that the sign-in is forgotten. */
export function tracePage(
  context: TenantContext,
  trace: Trace | undefined,
): { title: string; body: Html; wide: boolean; status?: number } {
  if (trace === undefined) {
    const body = html`<h1>Unknown sign-in</h1>
      <p>The tenant remembers the last 200 sign-ins since its start, and this one is not among them.</p>
      <p><a href="/_local/">Back to the tenant</a></p>`;
    return { ...layout(context, "Unknown sign-in", body), status: 404 };
  }
  const body = html`<p class="crumbs"><a href="/_local/">Tenant</a> / Sign-in</p>
    <h1>${trace.user.name ?? trace.user.id} to ${trace.client.name}</h1>
    ${traceSections(trace)}`;
  return layout(context, "Sign-in", body);
}

/** What happened at a sign-in: facts, claims, Actions, warnings. */
export function traceSections(trace: Trace): Html {
  return html`
    <section aria-labelledby="facts">
      <h2 id="facts">What happened ${outcomeBadge(trace)}</h2>
      <dl class="facts">
        <dt>Time</dt>
        <dd>${clock(trace.time)} UTC, ${Math.round(trace.milliseconds)} ms</dd>
        <dt>Person</dt>
        <dd>${trace.user.email} <code>${trace.user.id}</code></dd>
        <dt>Connection</dt>
        <dd>${trace.connection.name} (${trace.connection.strategy})</dd>
        <dt>Protocol</dt>
        <dd><code>${trace.protocol}</code></dd>
        ${
          trace.reason === undefined
            ? undefined
            : html`<dt>Reason</dt>
                <dd>${trace.reason}</dd>`
        }
      </dl>
      ${warnings(trace.warnings)}
    </section>
    <section aria-labelledby="set">
      <h2 id="set">Claims that Actions set</h2>
      <h3>ID token</h3>
      ${claimsList(trace.claims.idToken, Object.keys(trace.claims.idToken))}
      ${
        Object.keys(trace.claims.accessToken).length === 0
          ? undefined
          : html`<h3>Access token</h3>
              ${claimsList(trace.claims.accessToken, Object.keys(trace.claims.accessToken))}`
      }
    </section>
    <section aria-labelledby="actions">
      <h2 id="actions">Actions</h2>
      ${
        trace.actions.length === 0
          ? html`<p class="empty">No Action ran.</p>`
          : html`<ol class="runs">
              ${trace.actions.map(run)}
            </ol>`
      }
    </section>
  `;
}

function warnings(all: readonly string[]): Html | undefined {
  if (all.length === 0) return undefined;
  return html`<ul class="warnings" aria-label="Warnings">
    ${all.map((warning) => html`<li>${warning}</li>`)}
  </ul>`;
}

function run(action: ActionRun): Html {
  return html`<li class="card">
    <h3>
      ${action.name}
      <span class="detail">${Math.round(action.milliseconds)} ms${action.cold ? ", cold" : ""}</span>
    </h3>
    ${action.error === undefined ? undefined : html`<p class="alert">${action.error}</p>`}
    ${
      action.console.length === 0
        ? undefined
        : html`<pre class="console">
${action.console.map((line) => html`<span class="${line.level}">${line.text} </span>`)}</pre>`
    }
    ${
      action.httpCalls.length === 0
        ? undefined
        : html`<ul class="calls" aria-label="HTTP calls">
            ${action.httpCalls.map(
              (call) =>
                html`<li>
                  <code>${call.method} ${call.url}</code>
                  <span class="badge ${(call.status ?? 599) < 400 ? "good" : "bad"}"
                    >${call.status ?? "no answer"}</span
                  >
                  <span class="detail">${Math.round(call.milliseconds)} ms</span>
                </li>`,
            )}
          </ul>`
    }
    ${
      action.console.length + action.httpCalls.length === 0 && action.error === undefined
        ? html`<p class="detail">It wrote nothing to its console and called nobody.</p>`
        : undefined
    }
  </li>`;
}
