// The Action of the original recipe, written anew from its description: at every sign-in a fresh client, a
// fresh token and the whole user, then the claim. No cache, no deadline, no error handling, and the SDK's own
// defaults. The SDK's main entry has no AuthenticationClient any more; `auth0/legacy` is the one that the
// recipe was written for.
const { AuthenticationClient, ManagementClient } = require("auth0/legacy");

/**
 * @param {{ secrets: Record<"TENANT" | "AUDIENCE" | "APP_CLIENT_ID" | "APP_CLIENT_SECRET", string>, user: {
 * user_id: string } }} event
 * @param {{ idToken: { setCustomClaim: (name: string, value: unknown) => unknown } }} api
 */
exports.onExecutePostLogin = async (event, api) => {
  const { TENANT, AUDIENCE, APP_CLIENT_ID, APP_CLIENT_SECRET } = event.secrets;
  const authentication = new AuthenticationClient({
    domain: TENANT,
    clientId: APP_CLIENT_ID,
    clientSecret: APP_CLIENT_SECRET,
  });
  const token = await authentication.oauth.clientCredentialsGrant({ audience: AUDIENCE });
  const management = new ManagementClient({ domain: TENANT, token: token.data.access_token });
  const user = await management.users.get({ id: event.user.user_id });
  api.idToken.setCustomClaim("https://xyz.example/claims/groups", user.data.groups);
};
