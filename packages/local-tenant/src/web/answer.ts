import type { FastifyReply } from "fastify";
import type { AuthorizeRequest } from "../sessions/transaction.ts";
import { html } from "./html.ts";
import { sendPage } from "./pages.ts";

/** Where an answer to `/authorize` is sent. */
export type Target = Pick<AuthorizeRequest, "redirectUri" | "responseMode" | "state">;

/**
 * Sends the browser back to the application with these parameters and its `state`, by the response mode it
 * asked for.
 */
export function sendToApplication(
  reply: FastifyReply,
  target: Target,
  parameters: Readonly<Record<string, string>>,
): FastifyReply {
  const all = { ...parameters, ...(target.state === undefined ? {} : { state: target.state }) };
  if (target.responseMode === "form_post") return sendForm(reply, target.redirectUri, all);
  if (target.responseMode === "web_message") return sendMessage(reply, target.redirectUri, all);
  const encoded = new URLSearchParams(all).toString();
  const mark = target.responseMode === "fragment" ? "#" : target.redirectUri.includes("?") ? "&" : "?";
  return redirectTo(reply, target.redirectUri + mark + encoded);
}

/** Sends the browser back with an OAuth error (RFC 6749 section 4.1.2.1). */
export function sendError(
  reply: FastifyReply,
  target: Target,
  error: string,
  description: string,
): FastifyReply {
  return sendToApplication(reply, target, { error, error_description: description });
}

/** The form of `response_mode=form_post`; its button is for browsers without script. */
function sendForm(
  reply: FastifyReply,
  action: string,
  parameters: Readonly<Record<string, string>>,
): FastifyReply {
  const fields = Object.entries(parameters).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  return sendPage(reply, {
    title: "Back to the application",
    frame: { script: true },
    body: html`<main class="card">
      <form method="post" action="${action}" id="answer">
        ${fields}
        <p>You are being sent back to the application.</p>
        <button class="primary">Go on</button>
      </form>
      <script src="/_local/submit.js"></script>
    </main>`,
  });
}

/**
 * The page of `response_mode=web_message`, in a frame or a window of the application's page: it hands the
 * answer to that page, which must be of the redirect URI's origin.
 */
function sendMessage(
  reply: FastifyReply,
  redirectUri: string,
  response: Readonly<Record<string, string>>,
): FastifyReply {
  const { origin } = new URL(redirectUri);
  return sendPage(reply, {
    title: "Back to the application",
    frame: { script: true, ancestor: origin },
    body: html`<main id="answer" data-origin="${origin}" data-response="${JSON.stringify(response)}"></main>
      <script src="/_local/web-message.js"></script>`,
  });
}

/**
 * Sends the browser to an address, and lets nothing on the way keep the answer. Headers are ASCII, so other
 * characters are percent-encoded. Nothing else of a registered address is changed.
 */
export function redirectTo(reply: FastifyReply, address: string): FastifyReply {
  const ascii = address.replace(/[^\x21-\x7e]+/gu, (characters) => encodeURIComponent(characters));
  return reply.header("cache-control", "no-store").redirect(ascii, 302);
}
