import type { TenantContext } from "../context.ts";
import { html } from "../web/html.ts";
import type { Html } from "../web/html.ts";

/** A page of the console around its sections. */
export function layout(
  context: TenantContext,
  title: string,
  body: Html,
): { title: string; body: Html; wide: boolean } {
  return {
    title: `${title} · ${context.domain}`,
    wide: true,
    body: html`<a class="skip" href="#content">To the content</a>
      <header class="bar">
        <a class="brand" href="/_local/">
          <strong>${context.directory.company}</strong> local tenant <code>${context.domain}</code>
        </a>
        <nav aria-label="Documents">
          <a href="/.well-known/openid-configuration">Discovery</a>
          <a href="/.well-known/jwks.json">Keys</a>
          <a href="/_local/traces">Traces</a>
          <a href="/v2/logout">Sign out</a>
        </nav>
      </header>
      <main id="content">${body}</main>`,
  };
}
