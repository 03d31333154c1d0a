import type { JWTPayload } from "jose";
import type { TenantContext } from "../context.ts";
import { html } from "../web/html.ts";
import type { Html } from "../web/html.ts";
import type { Trace } from "../sessions/traces.ts";
import { claimsList } from "./claims-list.ts";
import { layout } from "./layout.ts";
import { traceSections } from "./trace-page.ts";

/** What came of a sign-in that was tried from the console: claims, or a refusal. */
export interface TryOutResult {
  readonly application: string;
  readonly trace?: Trace;
  /** Of the verified ID token. */
  readonly claims?: JWTPayload;
  readonly refusal?: { readonly error: string; readonly description: string };
}

/** The page after a tried sign-in: what the application got, and how it came about. */
export function resultPage(
  context: TenantContext,
  { application, trace, claims, refusal }: TryOutResult,
): { title: string; body: Html; wide: boolean } {
  const marked = Object.keys(trace?.claims.idToken ?? {});
  return layout(
    context,
    `Sign-in to ${application}`,
    html`
      <p class="crumbs"><a href="/_local/">Tenant</a> / Tried sign-in</p>
      ${
        claims === undefined
          ? html`<h1>The sign-in to ${application} was refused</h1>
              <p class="alert" role="alert"><code>${refusal?.error}</code> ${refusal?.description}</p>`
          : html`<h1>
                ${typeof claims["name"] === "string" ? claims["name"] : claims.sub} is signed in to
                ${application}
              </h1>
              <section aria-labelledby="claims">
                <h2 id="claims">ID token <span class="badge good">verified</span></h2>
                <p class="detail">
                  Signature, issuer, audience, expiry and nonce were checked. Claims that Actions set come
                  first.
                </p>
                ${claimsList(claims, marked)}
              </section>`
      }
      ${trace === undefined ? undefined : traceSections(trace)}
    `,
  );
}
