import { createHash } from "node:crypto";
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import type { JWTPayload } from "jose";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { TenantContext } from "../context.ts";
import type { ClientEntity } from "../store/entities.ts";
import { OAuthError } from "../lib/errors.ts";
import { browserId, ensureBrowserId } from "../web/cookies.ts";
import { Expiring } from "../sessions/expiring.ts";
import { refuseForeignForms } from "../web/own-forms.ts";
import { sendPage } from "../web/pages.ts";
import { parametersOf } from "../web/parameters.ts";
import { canTryOut, tryOutCallback } from "./applications.ts";
import { resultPage } from "./result-page.ts";
import type { TryOutResult } from "./result-page.ts";

const KEPT_MS = 60 * 60 * 1000;

interface Attempt {
  readonly browser: string;
  readonly clientId: string;
  readonly verifier: string;
  readonly nonce: string;
}

/**
 * The console in the place of an application: it begins a sign-in with PKCE, takes the code at its own
 * callback, exchanges it with the application's credentials over the same endpoints as any other client, and
 * verifies the ID token.
 */
export class TryOut {
  readonly #app: FastifyInstance;
  readonly #context: TenantContext;
  /** By `state`. */
  readonly #attempts: Expiring<Attempt>;
  readonly #results: Expiring<{ browser: string; result: TryOutResult }>;

  constructor(app: FastifyInstance, context: TenantContext) {
    this.#app = app;
    this.#context = context;
    this.#attempts = new Expiring(context.now, 100);
    this.#results = new Expiring(context.now, 100);
  }

  /** `POST /_local/sign-in`: sends the browser to `/authorize`. */
  async begin(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    refuseForeignForms(this.#context, request);
    const client = this.#client(parametersOf(request.body).values["client_id"]);
    const { ids } = this.#context;
    const state = ids.secret(24);
    const attempt = {
      browser: ensureBrowserId(this.#context, request, reply),
      clientId: client.client_id,
      verifier: ids.secret(32),
      nonce: ids.secret(16),
    };
    this.#attempts.set(state, attempt, KEPT_MS);
    const query = new URLSearchParams({
      response_type: "code",
      client_id: client.client_id,
      redirect_uri: tryOutCallback(this.#context),
      scope: "openid profile email",
      state,
      nonce: attempt.nonce,
      code_challenge: createHash("sha256").update(attempt.verifier).digest("base64url"),
      code_challenge_method: "S256",
      // People who try things out want to be somebody else each time.
      prompt: "login",
    });
    return reply.redirect(`/authorize?${query.toString()}`, 303);
  }

  /**
   * `GET /_local/callback`: the code comes back. The result has a page of its own, so that it can be loaded
   * again.
   */
  async finish(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { values } = parametersOf(request.query);
    const attempt = this.#attempts.take(values["state"] ?? "");
    if (attempt === undefined || attempt.browser !== browserId(this.#context, request)) {
      throw new OAuthError(
        "invalid_request",
        "This browser has not begun this sign-in here, or has already ended it.",
      );
    }
    const client = this.#client(attempt.clientId);
    const id = this.#context.ids.secret(16);
    const result = await this.#redeem(client, attempt, values);
    this.#results.set(id, { browser: attempt.browser, result }, KEPT_MS);
    return reply.redirect(`/_local/results/${id}`, 303);
  }

  /** `GET /_local/results/ID`. */
  async show(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    // SAFETY: the route has this parameter.
    const { id } = request.params as { id: string };
    const kept = this.#results.get(id);
    if (kept === undefined || kept.browser !== browserId(this.#context, request)) {
      throw new OAuthError(
        "invalid_request",
        "This result belongs to another browser, or the tenant has forgotten it.",
        404,
      );
    }
    return sendPage(reply, resultPage(this.#context, kept.result));
  }

  #client(id: string | undefined): ClientEntity {
    const client = this.#context.store.tables.clients.get(id ?? "");
    if (client === undefined || !canTryOut(this.#context, client)) {
      throw new OAuthError(
        "invalid_request",
        `No application ${JSON.stringify(id ?? "")} has the callback ${tryOutCallback(this.#context)}.`,
      );
    }
    return client;
  }

  async #redeem(
    client: ClientEntity,
    attempt: Attempt,
    values: Readonly<Record<string, string>>,
  ): Promise<TryOutResult> {
    const traces = this.#context.signIns.traces.list();
    const trace = traces.find((candidate) => candidate.client.id === client.client_id);
    const about = { application: client.name, ...(trace === undefined ? {} : { trace }) };
    if (values["code"] === undefined) {
      const description = values["error_description"] ?? "";
      return { ...about, refusal: { error: values["error"] ?? "no code", description } };
    }
    const response = await this.#app.inject({
      method: "POST",
      url: "/oauth/token",
      headers: this.#context.ownHeaders,
      payload: {
        grant_type: "authorization_code",
        client_id: client.client_id,
        ...(client.token_endpoint_auth_method === "none" ? {} : { client_secret: client.client_secret }),
        code: values["code"],
        code_verifier: attempt.verifier,
        redirect_uri: tryOutCallback(this.#context),
      },
    });
    const answer = response.json<{ id_token?: string; error?: string; error_description?: string }>();
    if (answer.id_token === undefined) {
      const description = answer.error_description ?? "";
      return { ...about, refusal: { error: answer.error ?? "no ID token", description } };
    }
    return { ...about, claims: await this.#verify(client, answer.id_token, attempt.nonce) };
  }

  /** Checks the ID token as the application would: signature, issuer, audience, expiry, nonce. */
  async #verify(client: ClientEntity, token: string, nonce: string): Promise<JWTPayload> {
    const { issuer, keys, now } = this.#context;
    const options = { issuer, audience: client.client_id, currentDate: new Date(now()) };
    const { payload } =
      decodeProtectedHeader(token).alg === "HS256"
        ? await jwtVerify(token, new TextEncoder().encode(client.client_secret), options)
        : await jwtVerify(token, createLocalJWKSet(keys.jwks()), { ...options, algorithms: ["RS256"] });
    if (payload["nonce"] !== nonce)
      throw new OAuthError("invalid_request", "The ID token has another nonce.");
    return payload;
  }
}
