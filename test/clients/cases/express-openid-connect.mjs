import assert from "node:assert/strict";
import express from "express";
import oidc from "express-openid-connect";
import { Browser } from "../support/browser.mjs";
import { freePort, job } from "../support/case.mjs";
import { API, EMPLOYEE, EMPLOYEE_GROUPS, GROUPS_CLAIM, issuer, seed } from "../support/tenant.mjs";

const { auth, requiresAuth, claimIncludes } = oidc;

await job(async (step) => {
  step("seed");
  const port = await freePort();
  const home = `http://localhost:${port}`;
  const { client } = await seed({ callbacks: [`${home}/callback`], logoutUrls: [home] });

  step("start the application");
  const app = express();
  app.use(
    auth({
      issuerBaseURL: issuer,
      baseURL: home,
      clientID: client.client_id,
      clientSecret: client.client_secret,
      secret: "a-long-random-text-for-the-session-cookie",
      authRequired: false,
      idpLogout: true,
      authorizationParams: {
        response_type: "code",
        audience: API,
        scope: "openid profile email offline_access read:orders",
      },
    }),
  );
  app.get("/", (request, response) => response.json({ signedIn: request.oidc.isAuthenticated() }));
  app.get("/me", requiresAuth(), (request, response) => response.json(request.oidc.user));
  app.get("/userinfo", requiresAuth(), async (request, response) => {
    response.json(await request.oidc.fetchUserInfo());
  });
  app.get("/refresh", requiresAuth(), async (request, response) => {
    const before = request.oidc.accessToken.access_token;
    const after = await request.oidc.accessToken.refresh();
    response.json({ changed: before !== after.access_token });
  });
  app.get("/engineers", claimIncludes(GROUPS_CLAIM, "Engineering"), (request, response) =>
    response.json("in"),
  );
  app.get("/lawyers", claimIncludes(GROUPS_CLAIM, "Legal"), (request, response) => response.json("in"));
  await new Promise((resolve) => app.listen(port, "localhost", resolve));

  step("sign-in through a protected page");
  const browser = new Browser();
  const me = await browser.signIn(`${home}/me`, EMPLOYEE);
  assert.equal(me.status, 200, me.text);
  assert.equal(me.url.href, `${home}/me`);
  assert.deepEqual(JSON.parse(me.text)[GROUPS_CLAIM], EMPLOYEE_GROUPS);
  const own = browser.cookieNames().filter((name) => name === "appSession" || name.startsWith("appSession."));
  assert.ok(own.length > 0, "the application's session cookie was overwritten");

  step("userinfo");
  assert.equal(JSON.parse((await browser.open(`${home}/userinfo`)).text).email, EMPLOYEE);

  step("refresh, twice");
  for (let times = 0; times < 2; times += 1) {
    assert.deepEqual(JSON.parse((await browser.open(`${home}/refresh`)).text), { changed: true });
  }

  step("pages by group");
  assert.equal((await browser.open(`${home}/engineers`)).status, 200);
  const lawyers = await browser.open(`${home}/lawyers`, { stopAt: issuer });
  assert.equal(lawyers.url.pathname, "/authorize", "another group's page was shown");

  step("logout at the tenant too");
  const left = await browser.open(`${home}/logout`);
  assert.equal(left.url.origin, home, left.text);
  assert.deepEqual(JSON.parse(left.text), { signedIn: false });
  const again = await browser.open(`${home}/login`);
  assert.equal(again.url.origin, new URL(issuer).origin, "the tenant's session outlived the logout");
});
