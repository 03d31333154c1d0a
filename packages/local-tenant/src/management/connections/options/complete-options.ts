import { OWN_DOMAIN, storedText } from "../../../store/own-address.ts";
import { databaseOptions } from "./database.ts";
import { oidcOptions } from "./oidc.ts";
import { pingFederateOptions, samlOptions } from "./saml.ts";
import { socialOptions } from "./social.ts";
import type { Options, OptionsRequest } from "./options-request.ts";

/**
 * SHA-1 thumbprints of the certificates that Azure AD signs with. Production lists those it has just read
 * from Microsoft; these are made up, because nothing here is signed with them.
 */
const THUMBPRINTS = ["2b3f0c1d5e6a79880b1c2d3e4f5061728394a5b6", "4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f"];

/**
 * The options to store: what was sent, with what production derives from it or adds to it. Options of a
 * PATCH replace the old ones, so an option that was not sent again is gone.
 */
export async function completeOptions(request: OptionsRequest): Promise<Options> {
  switch (request.strategy) {
    case "auth0":
      return databaseOptions(request);
    case "waad":
      return azureOptions(request);
    case "oidc":
    case "okta":
      return oidcOptions(request);
    case "samlp":
      return samlOptions(request);
    case "pingfederate":
      return pingFederateOptions(request);
    case "adfs":
      return { thumbprints: [], ...request.sent };
    default:
      return socialOptions(request);
  }
}

function azureOptions({ tenant, sent }: OptionsRequest): Options {
  return {
    thumbprints: THUMBPRINTS,
    waad_common_endpoint: sent["useCommonEndpoint"] === true,
    ...sent,
    app_domain: typeof sent["app_domain"] === "string" ? storedText(tenant, sent["app_domain"]) : OWN_DOMAIN,
  };
}
