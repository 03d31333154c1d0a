import { operations } from "./operations.ts";

/** Every scope of the Management API that this tenant knows, sorted. */
export const managementScopes: readonly string[] = [
  ...new Set(
    operations
      .flatMap(({ scopes, fieldScopes = [] }) => [...scopes, ...fieldScopes])
      .concat("create:client_keys"),
  ),
].sort();
