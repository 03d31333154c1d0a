import type { FastifyReply } from "fastify";
import type { OAuthError } from "../lib/errors.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";

/**
 * Pages load nothing from elsewhere. There is no `form-action`: browsers apply it to the redirects after a
 * form as well, and those end at the applications' own addresses.
 */
const CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'";

/** What one page may do that the others may not. */
export interface Frame {
  /** Run the tenant's own script files. */
  readonly script?: boolean;
  /** Origin whose pages may frame it. */
  readonly ancestor?: string;
}

/** Answers a page. It is never stored, framed, sniffed or named as a referrer. */
export function sendPage(
  reply: FastifyReply,
  page: { title: string; body: Html; status?: number; wide?: boolean; frame?: Frame },
): FastifyReply {
  const { script = false, ancestor = "'none'" } = page.frame ?? {};
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${page.title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/_local/style.css" />
      </head>
      <body class="${page.wide === true ? "wide" : "narrow"}">
        ${page.body}
      </body>
    </html> `;
  return reply
    .code(page.status ?? 200)
    .type("text/html; charset=utf-8")
    .header(
      "content-security-policy",
      `${CONTENT_SECURITY_POLICY}${script ? "; script-src 'self'" : ""}; frame-ancestors ${ancestor}`,
    )
    .header("cache-control", "no-store")
    .header("referrer-policy", "no-referrer")
    .header("x-content-type-options", "nosniff")
    .headers(ancestor === "'none'" ? { "x-frame-options": "DENY" } : {})
    .send(document.text);
}

/** Answers an error with a page, because the application, or its address, is not known. */
export function sendErrorPage(reply: FastifyReply, error: OAuthError): FastifyReply {
  return sendPage(reply, {
    title: "Sign-in failed",
    status: error.statusCode,
    body: html`<main class="card">
      <h1>Oops, something went wrong</h1>
      <p>This sign-in cannot go on, and the application was not told.</p>
      <dl>
        <dt>Error</dt>
        <dd><code>${error.error}</code></dd>
        <dt>Description</dt>
        <dd>${error.message}</dd>
      </dl>
      <p><a href="/">To the tenant's own page</a></p>
    </main>`,
  });
}
