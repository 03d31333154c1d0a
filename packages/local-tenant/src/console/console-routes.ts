import { readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";
import type { TenantContext } from "../context.ts";
import { sendPage } from "../web/pages.ts";
import { refuseWithPage } from "../web/refusals.ts";
import { homePage } from "./home.ts";
import { standInRoutes } from "./stand-ins.ts";
import { tracePage } from "./trace-page.ts";
import { TryOut } from "./try-out.ts";

const STYLE = readFileSync(new URL("./style.css", import.meta.url), "utf8");
/** All the script that the tenant has: the last step of `response_mode=form_post` and of `web_message`. */
const SCRIPTS = {
  "submit.js": 'document.getElementById("answer").submit();\n',
  "web-message.js": `const { origin, response } = document.getElementById("answer").dataset;
const message = { type: "authorization_response", response: JSON.parse(response) };
(window.opener ?? window.parent).postMessage(message, origin);
`,
};

/** Adds what is the emulator's own, under `/_local/`, and the page at `/` to the tenant's server. */
export function consoleRoutes(app: FastifyInstance, context: TenantContext): void {
  files(app);
  documents(app, context);
  standInRoutes(app, context);
  for (const url of ["/", "/_local/", "/_local"]) {
    app.get(url, async (_request, reply) => sendPage(reply, homePage(context)));
  }
  app.get<{ Params: { id: string } }>("/_local/sign-ins/:id", async (request, reply) => {
    return sendPage(reply, tracePage(context, context.signIns.traces.get(request.params.id)));
  });
  const tryOut = new TryOut(app, context);
  const page = { errorHandler: refuseWithPage };
  app.post("/_local/sign-in", page, (request, reply) => tryOut.begin(request, reply));
  app.get("/_local/callback", page, (request, reply) => tryOut.finish(request, reply));
  app.get("/_local/results/:id", page, (request, reply) => tryOut.show(request, reply));
}

function files(app: FastifyInstance): void {
  app.get("/_local/style.css", async (_request, reply) =>
    reply.type("text/css; charset=utf-8").header("cache-control", "max-age=60").send(STYLE),
  );
  for (const [name, script] of Object.entries(SCRIPTS)) {
    app.get(`/_local/${name}`, async (_request, reply) =>
      reply.type("text/javascript; charset=utf-8").header("cache-control", "max-age=60").send(script),
    );
  }
}

/** For programs: whether the tenant is up, the last sign-ins, the last requests. */
function documents(app: FastifyInstance, context: TenantContext): void {
  app.get("/_local/health", async () => ({ status: "ok", issuer: context.issuer }));
  app.get("/_local/traces", async () => ({ traces: context.signIns.traces.list() }));
  app.get("/_local/requests", async () => ({ requests: context.log.list().toReversed() }));
}
