import type { TenantContext } from "../context.ts";
import { html } from "../web/html.ts";
import type { Html } from "../web/html.ts";
import { applicationsSection } from "./applications.ts";
import { layout } from "./layout.ts";
import { requestsTable, signInsTable } from "./tables.ts";

const SHOWN = 25;

/** The tenant's own page: its applications, its post-login flow, the last sign-ins and the last requests. */
export function homePage(context: TenantContext): { title: string; body: Html; wide: boolean } {
  const traces = context.signIns.traces.list();
  const requests = context.log.list((record) => !record.path.startsWith("/_local")).toReversed();
  return layout(
    context,
    "Local tenant",
    html`
      <h1 class="unseen">Local tenant of ${context.directory.company}</h1>
      <section aria-labelledby="applications">
        <h2 id="applications">Applications</h2>
        ${applicationsSection(context)}
      </section>
      <section aria-labelledby="flow">
        <h2 id="flow">Post-login flow</h2>
        ${flow(context)}
      </section>
      <section aria-labelledby="sign-ins">
        <h2 id="sign-ins">Last sign-ins</h2>
        ${signInsTable(traces.slice(0, SHOWN))} ${more(traces.length, "sign-ins", "/_local/traces")}
      </section>
      <section aria-labelledby="requests">
        <h2 id="requests">Last requests</h2>
        ${requestsTable(context, requests.slice(0, SHOWN))}
        ${more(requests.length, "requests", "/_local/requests")}
      </section>
    `,
  );
}

function flow({ store }: TenantContext): Html {
  const bindings = store.tables.bindings.by("trigger", "post-login");
  if (bindings.length === 0) return html`<p class="empty">No Action is bound to post-login.</p>`;
  const steps = bindings.map((binding) => {
    const action = store.tables.actions.get(binding.action_id);
    const deployed = action?.deployed_version_id !== undefined;
    const detail = deployed ? action.runtime : "not deployed, does not run";
    return html`<li>
      <span class="name">${binding.display_name}</span>
      <span class="${deployed ? "detail" : "detail bad"}">${detail}</span>
    </li>`;
  });
  return html`<ol class="flow">
    <li><span class="name">Sign-in</span></li>
    ${steps}
    <li><span class="name">Tokens</span></li>
  </ol>`;
}

function more(count: number, what: string, path: string): Html | undefined {
  if (count === 0) return undefined;
  return html`<p class="more">
    ${Math.min(count, SHOWN)} of ${count}. <a href="${path}">All ${what} as JSON</a>
  </p>`;
}
