import type { TenantContext } from "../context.ts";
import { OAuthError } from "../lib/errors.ts";
import { findApi, userAccess } from "../post-login/granted-scopes.ts";
import type { AuthorizeRequest } from "../sessions/transaction.ts";
import type { ClientEntity } from "../store/entities.ts";
import type { Target } from "../web/answer.ts";
import type { Parameters } from "../web/parameters.ts";
import { defaultAudience } from "./default-audience.ts";
import { knownClient } from "./known-client.ts";
import { storedIdentifier } from "../store/own-address.ts";
import { parseUrl } from "../lib/parse-url.ts";

/** A refusal that the application may hear of: it goes to its redirect URI. */
export class AuthorizeRefusal extends Error {
  readonly target: Target;
  readonly error: string;

  constructor(target: Target, error: string, description: string) {
    super(description);
    this.name = "AuthorizeRefusal";
    this.target = target;
    this.error = error;
  }
}

const RESPONSE_MODES = ["query", "fragment", "form_post", "web_message"] as const;
const PROMPTS = new Set(["none", "login", "consent", "select_account"]);
const RESPONSE_TYPES = new Set(["code", "token", "id_token"]);

/**
 * Checks a request to `/authorize`.
 * @throws {OAuthError} for a page: the client is unknown, or the redirect URI is not one of its own.
 * @throws {AuthorizeRefusal} for the application: all else.
 */
export function readAuthorizeRequest(
  context: TenantContext,
  parameters: Parameters,
): { client: ClientEntity; authorize: AuthorizeRequest } {
  const { values, repeated } = parameters;
  if (repeated.includes("redirect_uri") || repeated.includes("client_id")) {
    throw new OAuthError("invalid_request", "client_id and redirect_uri may be given only once.");
  }
  const client = knownClient(context, values["client_id"]);
  const redirectUri = findRedirectUri(client, values["redirect_uri"]);
  const responseMode = RESPONSE_MODES.find((mode) => mode === values["response_mode"]) ?? "query";
  if (responseMode === "web_message") checkWebOrigin(client, redirectUri);
  const target: Target = {
    redirectUri,
    responseMode,
    ...(values["state"] === undefined ? {} : { state: values["state"] }),
  };
  const refuse = (error: string, description: string): never => {
    throw new AuthorizeRefusal(target, error, description);
  };
  const again = repeated[0];
  if (again !== undefined) refuse("invalid_request", `Parameter ${again} may be given only once`);
  checkResponse(client, values, refuse);
  refuseWhatIsNotBuilt(values, refuse);
  const audience = values["audience"] ?? defaultAudience(context);
  const ownAudience = audience === `${context.issuer}userinfo`;
  if (audience !== undefined && !ownAudience) checkAudience(context, client, audience, refuse);
  return {
    client,
    authorize: {
      clientId: client.client_id,
      ...target,
      scope: words(values["scope"]),
      prompt: readPrompt(values["prompt"], refuse),
      ...readChallenge(values, refuse),
      ...(values["nonce"] === undefined ? {} : { nonce: values["nonce"] }),
      ...(audience === undefined || ownAudience ? {} : { audience: storedIdentifier(context, audience) }),
      ...(values["max_age"] === undefined ? {} : { maxAge: readMaxAge(values["max_age"], refuse) }),
      ...(values["login_hint"] === undefined ? {} : { loginHint: values["login_hint"] }),
      ...(values["connection"] === undefined ? {} : { connection: values["connection"] }),
      ...(values["ui_locales"] === undefined ? {} : { uiLocales: values["ui_locales"] }),
      acrValues: words(values["acr_values"]),
      parameters: { ...values },
    },
  };
}

type Values = Readonly<Record<string, string>>;
type Refuse = (error: string, description: string) => never;

/**
 * The address must be one of the registered ones, character by character. Without an address, the first one
 * is used.
 */
function findRedirectUri(client: ClientEntity, wanted: string | undefined): string {
  const callbacks = client.callbacks ?? [];
  const chosen = wanted === undefined ? callbacks[0] : callbacks.find((callback) => callback === wanted);
  if (chosen !== undefined) return chosen;
  throw new OAuthError(
    "unauthorized_client",
    `Callback URL mismatch. The provided redirect_uri${wanted === undefined ? "" : ` ${wanted}`} is not in the list of allowed callback URLs.`,
    403,
  );
}

/**
 * A message reaches every page of the origin, so the client must have allowed the origin (docs, "Allowed Web
 * Origins").
 */
function checkWebOrigin(client: ClientEntity, redirectUri: string): void {
  const origin = parseUrl(redirectUri)?.origin ?? "null";
  const allowed: unknown = client["web_origins"];
  if (Array.isArray(allowed) && allowed.includes(origin) && origin !== "null") return;
  throw new OAuthError(
    "invalid_request",
    `The origin ${origin} is not in the client's Allowed Web Origins.`,
    403,
  );
}

function checkResponse(client: ClientEntity, values: Values, refuse: Refuse): void {
  const mode = values["response_mode"];
  if (mode !== undefined && !RESPONSE_MODES.some((known) => known === mode)) {
    refuse("invalid_request", `Unsupported response mode: ${mode}`);
  }
  const type = values["response_type"];
  if (type === undefined) return refuse("invalid_request", "Missing required parameter: response_type");
  const types = words(type);
  if (types.some((name) => !RESPONSE_TYPES.has(name))) {
    refuse("unsupported_response_type", `Unsupported response type: ${type}`);
  }
  if (types.includes("token") || types.includes("id_token")) {
    requireGrantType(client, "implicit", refuse);
    refuse("unsupported_response_type", `The local tenant answers only response_type=code, not ${type}`);
  }
  requireGrantType(client, "authorization_code", refuse);
}

function requireGrantType(client: ClientEntity, grantType: string, refuse: Refuse): void {
  if (client.grant_types?.includes(grantType) === true) return;
  refuse("unauthorized_client", `Grant type '${grantType}' not allowed for the client.`);
}

function refuseWhatIsNotBuilt(values: Values, refuse: Refuse): void {
  if (values["organization"] !== undefined || values["invitation"] !== undefined) {
    refuse("invalid_request", "parameter organization is not allowed for this client");
  }
  if (values["request"] !== undefined) refuse("request_not_supported", "Request objects are not supported");
  if (values["request_uri"] !== undefined) {
    refuse("request_uri_not_supported", "Pushed and remote request objects are not supported");
  }
}

function checkAudience(context: TenantContext, client: ClientEntity, audience: string, refuse: Refuse): void {
  const api = findApi(context, audience);
  if (api === undefined) return refuse("access_denied", `Service not found: ${audience}`);
  if (!userAccess(context, client, api).refused) return;
  refuse(
    "unauthorized_client",
    `Client "${client.client_id}" is not authorized to access resource server "${audience}".`,
  );
}

function readPrompt(prompt: string | undefined, refuse: Refuse): string[] {
  const prompts = words(prompt);
  const unknown = prompts.find((name) => !PROMPTS.has(name));
  if (unknown !== undefined) refuse("invalid_request", `Unsupported prompt: ${unknown}`);
  if (prompts.includes("none") && prompts.length > 1) {
    refuse("invalid_request", "prompt=none cannot be combined with other prompts");
  }
  return prompts;
}

function readMaxAge(text: string, refuse: Refuse): number {
  return /^\d{1,9}$/.test(text)
    ? Number(text)
    : refuse("invalid_request", "max_age must be a number of seconds");
}

/** RFC 7636: without a method the challenge is `plain`. */
function readChallenge(
  values: Values,
  refuse: Refuse,
): Pick<AuthorizeRequest, "codeChallenge" | "codeChallengeMethod"> {
  const challenge = values["code_challenge"];
  const method = values["code_challenge_method"];
  if (challenge === undefined) {
    return method === undefined
      ? {}
      : refuse("invalid_request", "Missing required parameter: code_challenge");
  }
  if (method !== undefined && method !== "S256" && method !== "plain") {
    return refuse("invalid_request", `Unsupported code_challenge_method: ${method}`);
  }
  if (!/^[\w.~-]{43,128}$/.test(challenge)) {
    return refuse("invalid_request", "code_challenge must be 43 to 128 characters of [A-Za-z0-9-._~]");
  }
  return { codeChallenge: challenge, codeChallengeMethod: method ?? "plain" };
}

function words(text: string | undefined): string[] {
  return (text ?? "").split(/\s+/).filter((word) => word !== "");
}
