import type { TenantContext } from "../context.ts";
import type { ClientEntity, ResourceServerEntity, UserEntity } from "../store/entities.ts";
import { apiNamed } from "../store/find-by-name.ts";
import { directPermissionsOf, rolesOf } from "../store/user-roles.ts";

/** Scopes of OpenID Connect that every application may ask for. */
const OIDC_SCOPES = new Set(["openid", "profile", "email", "address", "phone"]);

/** The API that an audience names; absent for the tenant's own /userinfo. */
export function findApi(
  context: TenantContext,
  audience: string | undefined,
): ResourceServerEntity | undefined {
  if (audience === undefined) return undefined;
  return apiNamed(context, audience);
}

/**
 * How an API lets applications ask for people (`subject_type_authorization.user`): all of them, none, or
 * those with a client grant for users, whose scopes are then the limit. Answers the grant's scopes where
 * there is one, and `refused` where the API says no.
 */
export function userAccess(
  context: TenantContext,
  client: ClientEntity,
  api: ResourceServerEntity,
): { refused: boolean; scopes?: readonly string[] } {
  // SAFETY: the Management API checks the shape of subject_type_authorization before it is stored.
  const rules = api["subject_type_authorization"] as { user?: { policy?: string } } | undefined;
  const policy = rules?.user?.policy ?? "allow_all";
  if (policy === "allow_all") return { refused: false };
  const grants = context.store.tables.clientGrants.by("client", client.client_id);
  const grant = grants.find((row) => row.audience === api.identifier && row["subject_type"] === "user");
  if (policy !== "require_client_grant" || grant === undefined) return { refused: true };
  return grant["allow_all_scopes"] === true ? { refused: false } : { refused: false, scopes: grant.scope };
}

/**
 * Which of the requested scopes an application gets for a person: those of OpenID Connect, those of the API
 * (with role-based access control, only what the person was given), and `offline_access` where client and API
 * allow refresh tokens. The others are left out without an error, as production does.
 */
export function grantedScopes(
  context: TenantContext,
  client: ClientEntity,
  user: UserEntity,
  wanted: { readonly scope: readonly string[]; readonly audience?: string },
): string[] {
  const api = findApi(context, wanted.audience);
  const apiScopes = api === undefined ? new Set<string>() : allowedApiScopes(context, client, api, user);
  const offline =
    client.grant_types?.includes("refresh_token") === true && api?.["allow_offline_access"] !== false;
  return [...new Set(wanted.scope)].filter((scope) => {
    if (scope === "offline_access") return offline;
    return OIDC_SCOPES.has(scope) || apiScopes.has(scope);
  });
}

function allowedApiScopes(
  context: TenantContext,
  client: ClientEntity,
  api: ResourceServerEntity,
  user: UserEntity,
): Set<string> {
  const limit = userAccess(context, client, api).scopes;
  const names = (api.scopes ?? []).map((scope) => scope.value);
  const all = new Set(limit === undefined ? names : names.filter((name) => limit.includes(name)));
  // From the Management API, a person gets at most the scopes about their own user.
  if (api.is_system === true) return new Set([...all].filter((scope) => /:current_user/.test(scope)));
  if (api["enforce_policies"] !== true) return all;
  const given = permissionsOf(context, api, user);
  return new Set([...all].filter((scope) => given.has(scope)));
}

/** Permissions of an API that a person has, by themselves or by a role. */
export function permissionsOf(
  context: TenantContext,
  api: ResourceServerEntity,
  user: UserEntity,
): Set<string> {
  const ofRoles = rolesOf(context.store, user).flatMap(({ permissions }) => permissions);
  const ofApi = [...ofRoles, ...directPermissionsOf(user)].filter(
    (permission) => permission.resource_server_identifier === api.identifier,
  );
  return new Set(ofApi.map(({ permission_name }) => permission_name));
}
