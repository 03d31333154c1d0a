import assert from "node:assert/strict";
import * as client from "openid-client";
import { Browser } from "../support/browser.mjs";
import { job } from "../support/case.mjs";
import { API, EMPLOYEE, EMPLOYEE_GROUPS, GROUPS_CLAIM, issuer, seed } from "../support/tenant.mjs";

const CALLBACK = "https://app.xyz.example/callback";
const HOME = "https://app.xyz.example/";

await job(async (step) => {
  step("seed");
  const { client: app } = await seed({ callbacks: [CALLBACK], logoutUrls: [HOME] });

  step("discovery");
  const config = await client.discovery(new URL(issuer), app.client_id, app.client_secret);
  assert.equal(config.serverMetadata().issuer, issuer);

  step("sign-in");
  const browser = new Browser();
  const code_verifier = client.randomPKCECodeVerifier();
  const checks = { state: client.randomState(), nonce: client.randomNonce() };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: "openid profile email offline_access read:orders",
    audience: API,
    code_challenge: await client.calculatePKCECodeChallenge(code_verifier),
    code_challenge_method: "S256",
    max_age: "3600",
    ...checks,
  });
  const { url: callback } = await browser.signIn(url, EMPLOYEE, { stopAt: CALLBACK });

  step("code for tokens");
  const tokens = await client.authorizationCodeGrant(config, callback, {
    pkceCodeVerifier: code_verifier,
    expectedState: checks.state,
    expectedNonce: checks.nonce,
    maxAge: 3600,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  assert.equal(claims.email, EMPLOYEE);
  assert.deepEqual(claims[GROUPS_CLAIM], EMPLOYEE_GROUPS);
  assert.equal(tokens.scope.split(" ").includes("read:orders"), true);

  step("userinfo");
  const user = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
  assert.equal(user.email, EMPLOYEE);

  step("refresh, with rotation");
  const fresh = await client.refreshTokenGrant(config, tokens.refresh_token);
  assert.equal(fresh.claims().sub, claims.sub);
  assert.notEqual(fresh.refresh_token, tokens.refresh_token);
  await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token), { error: "invalid_grant" });
  await assert.rejects(client.refreshTokenGrant(config, fresh.refresh_token), { error: "invalid_grant" });

  step("silent sign-in, then revocation");
  const again = client.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: "openid offline_access",
    prompt: "none",
  });
  const silent = await browser.open(again, { stopAt: CALLBACK });
  const second = await client.authorizationCodeGrant(config, silent.url, {
    expectedState: client.skipStateCheck,
  });
  await client.tokenRevocation(config, second.refresh_token);
  await assert.rejects(client.refreshTokenGrant(config, second.refresh_token), { error: "invalid_grant" });

  step("client credentials");
  const machine = await client.clientCredentialsGrant(config, { audience: API });
  assert.equal(machine.scope, "read:orders");

  step("logout");
  const end = client.buildEndSessionUrl(config, {
    post_logout_redirect_uri: HOME,
    id_token_hint: tokens.id_token,
    state: "gone",
  });
  const left = await browser.open(end, { stopAt: HOME });
  assert.equal(left.url.href, `${HOME}?state=gone`);
  const { url: refused } = await browser.open(again, { stopAt: CALLBACK });
  assert.equal(refused.searchParams.get("error"), "login_required");
});
