import type { Field, Fields } from "./schema.ts";

/**
 * Fields that the plugin and Auth0 have, but this stack does not use. They are refused as inputs, and empty
 * as outputs.
 */
function unusedBlock(): Field {
  return { kind: "block", fields: {}, unused: true };
}

export const organizationFields: Fields = {
  disable: { kind: "boolean" },
  flows: { kind: "strings", computed: true },
  organizationId: { kind: "string" },
};

/** The inputs and outputs of a client (`auth0_client` of the plugin's provider). */
export const clientFields: Fields = {
  addons: unusedBlock(),
  allowedClients: { kind: "strings" },
  allowedLogoutUrls: { kind: "strings" },
  allowedOrigins: { kind: "strings" },
  appType: { kind: "string", oneOf: ["native", "spa", "regular_web", "non_interactive"] },
  asyncApprovalNotificationChannels: { kind: "strings", unused: true },
  callbacks: { kind: "strings", computed: true },
  clientAliases: { kind: "strings" },
  clientId: { kind: "string", output: true },
  clientMetadata: { kind: "map" },
  complianceLevel: { kind: "string" },
  crossOriginAuth: { kind: "boolean", wire: "cross_origin_authentication" },
  crossOriginLoc: { kind: "string", unused: true },
  customLoginPage: { kind: "string" },
  customLoginPageOn: { kind: "boolean", computed: true },
  defaultOrganization: {
    kind: "block",
    offWire: true,
    unused: true,
    fields: organizationFields,
  },
  description: { kind: "string", default: "Managed by Pulumi" },
  encryptionKey: { kind: "map", offWire: true, unused: true },
  expressConfiguration: unusedBlock(),
  externalClientId: { kind: "string", output: true },
  externalMetadataCreatedBy: { kind: "string", output: true },
  externalMetadataType: { kind: "string", output: true },
  fedcmLogin: unusedBlock(),
  formTemplate: { kind: "string" },
  grantTypes: { kind: "strings", computed: true },
  initiateLoginUri: { kind: "string" },
  isFirstParty: { kind: "boolean", computed: true },
  isTokenEndpointIpHeaderTrusted: { kind: "boolean", computed: true },
  jwksUri: { kind: "string", output: true },
  jwtConfiguration: {
    kind: "block",
    computed: true,
    fields: {
      alg: { kind: "string", oneOf: ["HS256", "RS256", "PS256"] },
      lifetimeInSeconds: { kind: "integer", computed: true },
      scopes: { kind: "map" },
      secretEncoded: { kind: "boolean", computed: true, replaces: true },
    },
  },
  logoUri: { kind: "string" },
  mobile: unusedBlock(),
  myOrganizationConfiguration: unusedBlock(),
  name: { kind: "string", required: true },
  nativeSocialLogin: unusedBlock(),
  oidcBackchannelLogoutUrls: { kind: "strings", set: true, computed: true, unused: true },
  oidcConformant: { kind: "boolean", computed: true },
  oidcLogout: unusedBlock(),
  organizationDiscoveryMethods: { kind: "strings", unused: true },
  organizationRequireBehavior: {
    kind: "string",
    computed: true,
    oneOf: ["no_prompt", "pre_login_prompt", "post_login_prompt"],
  },
  organizationUsage: { kind: "string", computed: true, oneOf: ["deny", "allow", "require"] },
  redirectionPolicy: { kind: "string", computed: true, oneOf: ["allow_always", "open_redirect_protection"] },
  refreshToken: {
    kind: "block",
    computed: true,
    fields: {
      expirationType: { kind: "string", required: true, oneOf: ["expiring", "non-expiring"] },
      idleTokenLifetime: { kind: "integer", computed: true },
      infiniteIdleTokenLifetime: { kind: "boolean", computed: true },
      infiniteTokenLifetime: { kind: "boolean", computed: true },
      leeway: { kind: "integer", computed: true },
      policies: { kind: "blocks", set: true, fields: {}, unused: true },
      rotationType: { kind: "string", required: true, oneOf: ["rotating", "non-rotating"] },
      tokenLifetime: { kind: "integer", computed: true },
    },
  },
  requireProofOfPossession: { kind: "boolean" },
  requirePushedAuthorizationRequests: { kind: "boolean" },
  resourceServerIdentifier: { kind: "string", unused: true },
  sessionTransfer: unusedBlock(),
  signingKeys: { kind: "maps", output: true, secret: true },
  skipNonVerifiableCallbackUriConfirmationPrompt: { kind: "string", offWire: true, unused: true },
  sso: { kind: "boolean" },
  ssoDisabled: { kind: "boolean" },
  thirdPartySecurityMode: { kind: "string", computed: true, oneOf: ["strict", "permissive"] },
  tokenExchange: unusedBlock(),
  tokenQuota: unusedBlock(),
  webOrigins: { kind: "strings" },
};
