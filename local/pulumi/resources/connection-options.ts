import type { Field, Fields } from "./schema.ts";
import { wireName } from "./schema.ts";
import type { Props } from "./values.ts";
import { isObject, sortSet } from "./values.ts";
import { fromWire, toWire } from "./wire.ts";

/** What a waad connection takes. `scopes` are booleans on the wire, one key each. */
const waad: Fields = {
  apiEnableUsers: { kind: "boolean" },
  appId: { kind: "string" },
  clientId: { kind: "string" },
  clientSecret: { kind: "string", secret: true },
  domain: { kind: "string" },
  domainAliases: { kind: "strings", set: true, computed: true },
  iconUrl: { kind: "string" },
  identityApi: {
    kind: "string",
    oneOf: ["microsoft-identity-platform-v2.0", "azure-active-directory-v1.0"],
  },
  maxGroupsToRetrieve: { kind: "string" },
  nonPersistentAttrs: { kind: "strings", set: true, computed: true },
  scopes: { kind: "strings", set: true, computed: true, offWire: true },
  setUserRootAttributes: {
    kind: "string",
    computed: true,
    offWire: true,
    oneOf: ["on_each_login", "on_first_login", "never_on_login"],
  },
  shouldTrustEmailVerifiedConnection: {
    kind: "string",
    oneOf: ["never_set_emails_as_verified", "always_set_emails_as_verified"],
  },
  strategyVersion: { kind: "integer", computed: true },
  tenantDomain: { kind: "string" },
  upstreamParams: { kind: "string", offWire: true },
  useWsfed: { kind: "boolean" },
  userIdAttribute: { kind: "string", wire: "userid_attribute" },
  waadCommonEndpoint: { kind: "boolean", wire: "useCommonEndpoint" },
  waadProtocol: { kind: "string" },
};

/** Options of other strategies. The plugin's state has each, empty. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  string:
    "accessTokenUrl adfsServer authorizationEndpoint communityBaseUrl consumerKey consumerSecret destinationUrl digestAlgorithm discoveryUrl dpopSigningAlg entityId fedMetadataXml fieldsMap from gatewayUrl globalTokenRevocationJwtIss globalTokenRevocationJwtSub issuer jwksUri keyId messagingServiceSid metadataUrl metadataXml name passwordPolicy pingFederateBaseUrl protocolBinding provider recipientUrl requestTemplate requestTokenUrl sessionKey signInEndpoint signOutEndpoint signatureAlgorithm signatureMethod signingCert subject syntax teamId template tokenEndpoint tokenEndpointAuthMethod tokenEndpointAuthSigningAlg tokenEndpointJwtcaAudFormat twilioSid type userAuthorizationUrl userinfoEndpoint".split(
      " ",
    ),
  boolean:
    "apiEnableGroups bruteForceProtection debug disableCache disableSelfServiceChangePassword disableSignOut disableSignup email enableScriptContext enabledDatabaseCustomization forwardRequestInfo idTokenSessionExpirySupported importMode mapUserIdToId pkceEnabled realmFallback requiresUsername sendBackChannelNonce signSamlRequest useCertAuth useKerberos useOauthSpecScope".split(
      " ",
    ),
  block:
    "attributeMap connectionSettings customPasswordHash decryptionKey federatedConnectionsAccessTokens gatewayAuthentication idpInitiated mfa passkeyOptions passwordComplexityOptions passwordDictionary passwordNoPersonalInfo passwordOptions signingKey totp validation".split(
      " ",
    ),
  blocks: ["attributes", "authenticationMethods", "customHeaders", "passwordHistories"],
  map: ["authParams", "customScripts", "scripts"],
  strings: ["idTokenSignedResponseAlgs", "precedences"],
  computed: ["allowedAudiences", "ips"],
};

const INNER: Readonly<Record<string, string>> = {
  passwordHistories: "password_history",
  precedences: "precedence",
};

function otherFields(): Fields {
  const found: Record<string, Field> = {
    configuration: { kind: "map", secret: true, unused: true },
    twilioToken: { kind: "string", secret: true, unused: true },
  };
  for (const [group, names] of Object.entries(OTHERS)) {
    for (const name of names) found[name] = otherField(group, INNER[name]);
  }
  return found;
}

function otherField(group: string, inner: string | undefined): Field {
  const base = { unused: true, ...(inner === undefined ? {} : { inner }) };
  switch (group) {
    case "string":
    case "boolean":
      return { kind: group, ...base };
    case "block":
    case "blocks":
      return { kind: group, fields: {}, ...base };
    case "map":
      return { kind: "map", ...base };
    default:
      return { kind: "strings", computed: group === "computed", ...base };
  }
}

/** The options of a connection, of which a waad connection uses some. */
export const optionFields: Fields = { ...otherFields(), ...waad };

const SCOPES = [
  "basic_profile",
  "ext_profile",
  "ext_groups",
  "ext_nested_groups",
  "ext_admin",
  "ext_is_suspended",
  "ext_agreed_terms",
  "ext_assigned_plans",
];

/** Set by Auth0 alone. A PATCH replaces the options as a whole, so these are carried over. */
const READ_ONLY = ["thumbprints", "app_domain", "cert_rollover_notification", "granted", "tenantId"];

/**
 * The options' wire form. `before` are the former ones, of which dropped scopes go as `false`; `there` is
 * what the tenant has.
 */
export function optionsToWire(options: Props, before: Props = {}, there: Props = {}): Props {
  const former = stringsOf(before["scopes"]);
  // Scopes that are left out are the tenant's choice: they stay as they are.
  const wanted = options["scopes"] === undefined ? former : stringsOf(options["scopes"]);
  const dropped = former.filter((scope) => !wanted.includes(scope));
  const root = options["setUserRootAttributes"];
  const params = options["upstreamParams"];
  return {
    ...toWire(waad, options),
    ...flags(dropped, false),
    ...flags(wanted, true),
    // If it is left out, the dashboard's switch is on, which means "on_each_login".
    ...(root === undefined || root === "on_each_login" ? {} : { set_user_root_attributes: root }),
    ...(typeof params === "string" ? { upstream_params: JSON.parse(params) as unknown } : {}),
    ...Object.fromEntries(
      READ_ONLY.filter((key) => there[key] !== undefined).map((key) => [key, there[key]]),
    ),
  };
}

/** The options as outputs, every key of every strategy among them. */
export function optionsFromWire(options: Props): Props {
  const root = options[wireName("setUserRootAttributes", { kind: "string" })];
  return {
    ...fromWire(optionFields, options),
    scopes: sortSet(SCOPES.filter((scope) => options[scope] === true)),
    setUserRootAttributes: typeof root === "string" && root !== "" ? root : "on_each_login",
    upstreamParams: isObject(options["upstream_params"]) ? sortedJson(options["upstream_params"]) : "",
  };
}

function flags(scopes: string[], value: boolean): Props {
  return Object.fromEntries(scopes.filter((scope) => SCOPES.includes(scope)).map((scope) => [scope, value]));
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) =>
    isObject(entry) ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1))) : entry,
  );
}
