type EmptyList = readonly [id: string, path: string, scope: string, name: string];
type AbsentThing = readonly [id: string, path: string, scope: string, message: string, code?: string];

/**
 * Things that this tenant does not have and cannot be given: the list is empty. The name is that of the key;
 * `""` is a bare array.
 */
export const emptyLists: readonly EmptyList[] = [
  ["actions.modules", "/actions/modules", "actions", "modules"],
  ["brandingPhone.providers", "/branding/phone/providers", "phone_providers", "providers"],
  ["brandingPhone.templates", "/branding/phone/templates", "phone_templates", "templates"],
  ["connectionProfiles", "/connection-profiles", "connection_profiles", "connection_profiles"],
  [
    "connections.directoryProvisionings",
    "/connections-directory-provisionings",
    "directory_provisionings",
    "directory_provisionings",
  ],
  ["customDomains", "/custom-domains", "custom_domains", ""],
  ["eventStreams", "/event-streams", "event_streams", "eventStreams"],
  ["flows", "/flows", "flows", "flows"],
  ["flows.vaultConnections", "/flows/vault/connections", "flows_vault_connections", "connections"],
  ["forms", "/forms", "forms", "forms"],
  ["hooks", "/hooks", "hooks", "hooks"],
  ["logStreams", "/log-streams", "log_streams", ""],
  ["networkAcls", "/network-acls", "network_acls", "network_acls"],
  ["organizations", "/organizations", "organizations", "organizations"],
  ["prompts.rendering", "/prompts/rendering", "prompts", "configs"],
  ["rateLimitPolicies", "/rate-limit-policies", "rate_limit_policies", "rate_limit_policies"],
  ["rules", "/rules", "rules", "rules"],
  ["rulesConfigs", "/rules-configs", "rules_configs", ""],
  ["selfServiceProfiles", "/self-service-profiles", "self_service_profiles", "self_service_profiles"],
  ["tokenExchangeProfiles", "/token-exchange-profiles", "token_exchange_profiles", "token_exchange_profiles"],
  ["users.organizations", "/users/:id/organizations", "organizations", "organizations"],
  ["userAttributeProfiles", "/user-attribute-profiles", "user_attribute_profiles", "user_attribute_profiles"],
];

/** Single things that this tenant does not have: 404 in production's words. */
export const absentThings: readonly AbsentThing[] = [
  [
    "branding.universalLogin",
    "/branding/templates/universal-login",
    "branding",
    "Template does not exist.",
    "inexistent_templates_universal_login",
  ],
  [
    "branding.defaultTheme",
    "/branding/themes/default",
    "branding",
    "There was an error retrieving branding settings: invalid theme ID",
    "theme_not_found",
  ],
  ["connections.scimConfiguration", "/connections/:id/scim-configuration", "scim_config", "Not Found"],
  [
    "connections.directoryProvisioning",
    "/connections/:id/directory-provisioning",
    "directory_provisionings",
    "Not Found",
  ],
  [
    "emails.provider",
    "/emails/provider",
    "email_provider",
    "There is not a configured email provider",
    "inexistent_email_provider",
  ],
  [
    "emailTemplates",
    "/email-templates/:name",
    "email_templates",
    "The template does not exist.",
    "inexistent_email_template",
  ],
];
