import { html } from "../web/html.ts";
import type { Html } from "../web/html.ts";

const CHIPS_SHOWN = 60;

/**
 * Claims as a list; those of `marked` (the ones that Actions set) first and highlighted, lists of texts as
 * chips.
 */
export function claimsList(claims: Readonly<Record<string, unknown>>, marked: readonly string[]): Html {
  const names = Object.keys(claims);
  if (names.length === 0) return html`<p class="empty">None.</p>`;
  const first = names.filter((name) => marked.includes(name));
  const rest = names.filter((name) => !marked.includes(name));
  return html`<dl class="claims">
    ${[...first, ...rest].map(
      (name) =>
        html`<div class="${marked.includes(name) ? "claim marked" : "claim"}">
          <dt><code>${name}</code></dt>
          <dd>${value(claims[name], TIMES.has(name))}</dd>
        </div>`,
    )}
  </dl>`;
}

const TIMES = new Set(["iat", "exp", "auth_time", "nbf"]);

function value(claim: unknown, isTime: boolean): Html {
  if (Array.isArray(claim) && claim.every((item) => typeof item === "string")) return chips(claim);
  if (isTime && typeof claim === "number") {
    return html`<code>${claim}</code> <span class="detail">${new Date(claim * 1000).toISOString()}</span>`;
  }
  return html`<code>${typeof claim === "string" ? claim : JSON.stringify(claim, null, 2)}</code>`;
}

function chips(texts: readonly string[]): Html {
  if (texts.length === 0) return html`<span class="detail">an empty list</span>`;
  const rest = texts.length - CHIPS_SHOWN;
  return html`<ul class="chips">
      ${texts.slice(0, CHIPS_SHOWN).map((text) => html`<li>${text}</li>`)}
    </ul>
    ${rest > 0 ? html`<span class="detail">and ${rest} more</span>` : undefined}`;
}
