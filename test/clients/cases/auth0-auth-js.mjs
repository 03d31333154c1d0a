import assert from "node:assert/strict";
import { AuthClient } from "@auth0/auth0-auth-js";
import { Browser } from "../support/browser.mjs";
import { job } from "../support/case.mjs";
import { API, EMPLOYEE, EMPLOYEE_GROUPS, GROUPS_CLAIM, domain, seed } from "../support/tenant.mjs";

const CALLBACK = "https://app.xyz.example/callback";
const HOME = "https://app.xyz.example/";

await job(async (step) => {
  step("seed");
  const { client } = await seed({ callbacks: [CALLBACK], logoutUrls: [HOME] });
  const auth = new AuthClient({
    domain,
    clientId: client.client_id,
    clientSecret: client.client_secret,
    authorizationParams: {
      redirect_uri: CALLBACK,
      scope: "openid profile email offline_access",
      audience: API,
    },
  });

  step("sign-in");
  const { authorizationUrl, codeVerifier } = await auth.buildAuthorizationUrl();
  const browser = new Browser();
  const callback = await browser.signIn(authorizationUrl, EMPLOYEE, { stopAt: CALLBACK });

  step("code for tokens");
  const tokens = await auth.getTokenByCode(callback.url, { codeVerifier });
  assert.deepEqual(tokens.claims[GROUPS_CLAIM], EMPLOYEE_GROUPS);

  step("userinfo");
  const user = await auth.getUserInfo({
    accessToken: tokens.accessToken,
    expectedSubject: tokens.claims.sub,
  });
  assert.equal(user.email, EMPLOYEE);

  step("refresh, then revoke");
  const fresh = await auth.getTokenByRefreshToken({ refreshToken: tokens.refreshToken });
  assert.notEqual(fresh.refreshToken, tokens.refreshToken);
  await auth.revokeToken({ token: fresh.refreshToken });
  await assert.rejects(auth.getTokenByRefreshToken({ refreshToken: fresh.refreshToken }), {
    code: "token_by_refresh_token_error",
  });

  step("client credentials");
  const machine = await auth.getTokenByClientCredentials({ audience: API });
  assert.equal(machine.scope, "read:orders");

  step("logout");
  const logout = await auth.buildLogoutUrl({ returnTo: HOME });
  assert.equal((await browser.open(logout, { stopAt: HOME })).url.href, HOME);
  const again = await browser.open(authorizationUrl, { stopAt: CALLBACK });
  assert.notEqual(again.status, 0, "the tenant's session outlived the logout");
});
