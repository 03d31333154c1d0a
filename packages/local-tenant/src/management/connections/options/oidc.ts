import { isObject } from "../../merge.ts";
import type { Options, OptionsRequest } from "./options-request.ts";

const ENDPOINTS = ["issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"];

/**
 * Options of an `oidc` or `okta` connection. Production reads the provider's discovery document and keeps it
 * as `oidc_metadata`; so does the tenant where the document can be had (recording TestAccConnectionOIDC).
 */
export async function oidcOptions(request: OptionsRequest): Promise<Options> {
  const { strategy, sent, old } = request;
  const metadata = await discover(request);
  return {
    schema_version: "oidc-V4",
    type: "back_channel",
    attribute_map: { mapping_mode: strategy === "okta" ? "basic_profile" : "bind_all" },
    // A PATCH without it turns PKCE off; a new connection begins with `auto`.
    connection_settings: { pkce: old === undefined ? "auto" : "disabled" },
    ...(metadata === undefined ? {} : { oidc_metadata: metadata }),
    ...sent,
    ...endpointsFrom(metadata, sent),
  };
}

/** Endpoints that were sent as null get the values of the provider's document. */
function endpointsFrom(metadata: unknown, sent: Options): Options {
  if (!isObject(metadata)) return {};
  const open = ENDPOINTS.filter((name) => sent[name] === null && typeof metadata[name] === "string");
  return Object.fromEntries(open.map((name) => [name, metadata[name]]));
}

async function discover({ tenant, strategy, sent, old }: OptionsRequest): Promise<unknown> {
  const url = discoveryUrl(strategy, sent);
  if (url === undefined) return undefined;
  const document = await tenant.discover(url);
  if (document !== undefined) return document;
  const unchanged = old !== undefined && discoveryUrl(strategy, old) === url;
  return unchanged ? old["oidc_metadata"] : undefined;
}

function discoveryUrl(strategy: string, options: Options): string | undefined {
  const { discovery_url, domain } = options;
  if (typeof discovery_url === "string" && discovery_url !== "") return discovery_url;
  if (strategy !== "okta" || typeof domain !== "string" || domain === "") return undefined;
  return `https://${domain}/.well-known/openid-configuration`;
}
