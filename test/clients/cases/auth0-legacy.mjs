import assert from "node:assert/strict";
import { AuthenticationClient, ManagementClient, UserInfoClient } from "auth0/legacy";
import { Browser } from "../support/browser.mjs";
import { job } from "../support/case.mjs";
import { API, EMPLOYEE, deployer, domain, issuer, seed } from "../support/tenant.mjs";

const CALLBACK = "https://app.xyz.example/callback";

await job(async (step) => {
  step("seed");
  const { client, connection } = await seed({ callbacks: [CALLBACK] });
  const own = { domain, clientId: client.client_id, clientSecret: client.client_secret };
  const authentication = new AuthenticationClient(own);

  step("code for tokens, with the ID token checked");
  const query = {
    client_id: client.client_id,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: "openid profile email offline_access",
    nonce: "a-nonce",
  };
  const url = `${issuer}authorize?${new URLSearchParams(query)}`;
  const callback = await new Browser().signIn(url, EMPLOYEE, { stopAt: CALLBACK });
  const { data: tokens } = await authentication.oauth.authorizationCodeGrant(
    { code: callback.url.searchParams.get("code"), redirect_uri: CALLBACK },
    { idTokenValidateOptions: { nonce: "a-nonce" } },
  );

  step("userinfo");
  const { data: user } = await new UserInfoClient({ domain }).getUserInfo(tokens.access_token);
  assert.equal(user.email, EMPLOYEE);

  step("refresh, then revoke");
  const { data: fresh } = await authentication.oauth.refreshTokenGrant({
    refresh_token: tokens.refresh_token,
  });
  await authentication.oauth.revokeRefreshToken({ token: fresh.refresh_token });
  const revoked = authentication.oauth.refreshTokenGrant({ refresh_token: fresh.refresh_token });
  await assert.rejects(revoked, { error: "invalid_grant" });

  step("client credentials");
  const { data: machine } = await authentication.oauth.clientCredentialsGrant({ audience: API });
  assert.equal(machine.token_type, "Bearer");
  const wrong = new AuthenticationClient({ ...own, clientSecret: "wrong" });
  await assert.rejects(wrong.oauth.clientCredentialsGrant({ audience: API }), { error: "access_denied" });

  step("management: lists with and without totals, create, update, delete");
  const auth0 = new ManagementClient({ domain, ...deployer });
  for (let index = 0; index < 5; index += 1)
    await auth0.clients.create({ name: `client ${index}`, app_type: "native" });
  const { data: page } = await auth0.clients.getAll({
    app_type: "native",
    per_page: 2,
    page: 2,
    include_totals: true,
  });
  assert.deepEqual([page.clients.length, page.start, page.limit, page.total], [1, 4, 2, 5]);
  const { data: clients } = await auth0.clients.getAll({ app_type: "native" });
  assert.equal(clients.length, 5);
  await auth0.clients.update({ client_id: clients[0].client_id }, { name: "renamed" });
  assert.equal((await auth0.clients.get({ client_id: clients[0].client_id })).data.name, "renamed");
  await auth0.clients.delete({ client_id: clients[0].client_id });
  const { data: users } = await auth0.usersByEmail.getByEmail({ email: EMPLOYEE });
  assert.equal(users[0].identities[0].connection, connection.name);
  const { data: read } = await auth0.users.get({
    id: users[0].user_id,
    fields: "groups",
    include_fields: true,
  });
  assert.deepEqual(Object.keys(read), ["groups"]);
  const gone = auth0.connections.get({ id: "con_0000000000000000" });
  await assert.rejects(gone, { statusCode: 404, errorCode: "inexistent_connection" });
});
