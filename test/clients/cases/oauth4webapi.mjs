import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import * as oauth from "oauth4webapi";
import { Browser } from "../support/browser.mjs";
import { job } from "../support/case.mjs";
import { api, EMPLOYEE, EMPLOYEE_GROUPS, GROUPS_CLAIM, issuer, seed } from "../support/tenant.mjs";

const CALLBACK = "http://localhost:3000/callback";
const HOME = "http://localhost:3000/";

await job(async (step) => {
  step("seed, with a public key in the place of a secret");
  const { client: app } = await seed({ callbacks: [CALLBACK], logoutUrls: [HOME] });
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const credential = await api("POST", `/clients/${app.client_id}/credentials`, {
    credential_type: "public_key",
    name: "key",
    pem: pair.publicKey.export({ type: "spki", format: "pem" }),
    alg: "RS256",
  });
  await api("PATCH", `/clients/${app.client_id}`, {
    token_endpoint_auth_method: null,
    client_authentication_methods: { private_key_jwt: { credentials: [{ id: credential.id }] } },
  });

  step("discovery");
  const server = await oauth
    .discoveryRequest(new URL(issuer), { algorithm: "oidc" })
    .then((response) => oauth.processDiscoveryResponse(new URL(issuer), response));
  const client = { client_id: app.client_id };
  const key = await crypto.subtle.importKey(
    "pkcs8",
    pair.privateKey.export({ type: "pkcs8", format: "der" }),
    { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const authentication = oauth.PrivateKeyJwt({ key, kid: credential.kid });

  step("sign-in");
  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: "openid profile email offline_access",
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  });
  const browser = new Browser();
  const callback = await browser.signIn(url, EMPLOYEE, { stopAt: CALLBACK });
  const parameters = oauth.validateAuthResponse(server, client, callback.url, state);

  step("code for tokens, by private_key_jwt");
  const exchange = () =>
    oauth.authorizationCodeGrantRequest(server, client, authentication, parameters, CALLBACK, verifier);
  const response = await exchange();
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: nonce,
    requireIdToken: true,
  });
  await oauth.validateApplicationLevelSignature(server, response);
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  assert.deepEqual(claims[GROUPS_CLAIM], EMPLOYEE_GROUPS);

  step("userinfo");
  const user = await oauth.processUserInfoResponse(
    server,
    client,
    claims.sub,
    await oauth.userInfoRequest(server, client, tokens.access_token),
  );
  assert.equal(user.email, EMPLOYEE);

  step("refresh");
  const fresh = await oauth.processRefreshTokenResponse(
    server,
    client,
    await oauth.refreshTokenGrantRequest(server, client, authentication, tokens.refresh_token),
  );
  assert.notEqual(fresh.access_token, tokens.access_token);

  step("revocation");
  await oauth.processRevocationResponse(
    await oauth.revocationRequest(server, client, authentication, fresh.refresh_token),
  );
  await assert.rejects(
    async () =>
      oauth.processRefreshTokenResponse(
        server,
        client,
        await oauth.refreshTokenGrantRequest(server, client, authentication, fresh.refresh_token),
      ),
    (error) => error instanceof oauth.ResponseBodyError && error.error === "invalid_grant",
  );

  step("a code that was used is refused");
  const replayed = oauth.processAuthorizationCodeResponse(server, client, await exchange());
  await assert.rejects(replayed, { error: "invalid_grant" });

  step("logout");
  const end = new URL(server.end_session_endpoint);
  end.search = new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri: HOME });
  assert.equal((await browser.open(end, { stopAt: HOME })).url.href, HOME);
});
