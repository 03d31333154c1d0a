/**
 * The product's name where Auth0 or Pulumi keeps it: in log lines, in the cache of Actions, and in the types
 * of resources. It stays the same when a company gives the project another name.
 */
export const PRODUCT = "workforce-sso";
