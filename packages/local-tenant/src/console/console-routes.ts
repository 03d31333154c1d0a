import { readFileSync } from "node:fs";
import type { FastifyInstance, FastifyRequest } from "fastify";
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
export function consoleRoutes(app: FastifyInstance): void {
  files(app);
  documents(app);
  standInRoutes(app);
  for (const url of ["/", "/_local/", "/_local"]) {
    app.get(url, async (request, reply) => sendPage(reply, homePage(request.tenant)));
  }
  app.get<{ Params: { id: string } }>("/_local/sign-ins/:id", async (request, reply) => {
    const { tenant, params } = request;
    return sendPage(reply, tracePage(tenant, tenant.signIns.traces.get(params.id)));
  });
  const tryOuts = new WeakMap<TenantContext["signIns"], TryOut>();
  const tryOutOf = ({ tenant }: FastifyRequest): TryOut => {
    const tryOut = tryOuts.get(tenant.signIns) ?? new TryOut(app, tenant);
    tryOuts.set(tenant.signIns, tryOut);
    return tryOut;
  };
  const page = { errorHandler: refuseWithPage };
  app.post("/_local/sign-in", page, (request, reply) => tryOutOf(request).begin(request, reply));
  app.get("/_local/callback", page, (request, reply) => tryOutOf(request).finish(request, reply));
  app.get("/_local/results/:id", page, (request, reply) => tryOutOf(request).show(request, reply));
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
function documents(app: FastifyInstance): void {
  app.get("/_local/health", async ({ tenant }) => ({ status: "ok", issuer: tenant.issuer }));
  app.get("/_local/traces", async ({ tenant }) => ({ traces: tenant.signIns.traces.list() }));
  app.get("/_local/requests", async ({ tenant }) => ({ requests: tenant.log.list().toReversed() }));
}
