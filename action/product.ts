/**
 * What this product is called where Auth0 or Pulumi keeps its name: in log lines, in the cache of Actions, in the types of resources.
 * It stays the same when a company gives the project a name of its own.
 */
export const PRODUCT = "workforce-sso";
