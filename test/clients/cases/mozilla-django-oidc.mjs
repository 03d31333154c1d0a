import assert from "node:assert/strict";
import { Browser, textOf } from "../support/browser.mjs";
import { freePort, job, until } from "../support/case.mjs";
import { startPython } from "../support/python.mjs";
import { EMPLOYEE, issuer, seed } from "../support/tenant.mjs";

await job(async (step) => {
  step("seed");
  const home = `http://localhost:${await freePort()}`;
  const { client } = await seed({ callbacks: [`${home}/oidc/callback/`], logoutUrls: [`${home}/`] });

  step("start the application");
  startPython(["minimal_django.py", new URL(home).port], {
    OIDC_RP_CLIENT_ID: client.client_id,
    OIDC_RP_CLIENT_SECRET: client.client_secret,
  });
  const answers = () =>
    fetch(home).then(
      (response) => response.ok,
      () => false,
    );
  await until(answers, "The application's start");

  step("sign-in through a protected page");
  const browser = new Browser();
  const first = await browser.signIn(`${home}/me`, EMPLOYEE);
  assert.equal(first.status, 200, textOf(first));
  assert.equal(first.url.href, `${home}/me`);
  const me = JSON.parse(first.text);
  assert.equal(me.email, EMPLOYEE);
  assert.equal(me.id_token_claims.iss, issuer);
  assert.ok(browser.cookieNames().includes("sessionid"));

  step("the session is renewed silently (prompt=none)");
  const nonces = async () => JSON.parse((await browser.open(`${home}/me`)).text).id_token_claims.nonce;
  await until(async () => (await nonces()) !== me.id_token_claims.nonce, "The renewal");

  step("logout at the tenant too");
  const menu = await browser.open(`${home}/`);
  const left = await browser.submit(menu);
  assert.equal(left.url.href, `${home}/`, textOf(left));
  const again = await browser.open(`${home}/me`);
  assert.equal(again.url.origin, new URL(issuer).origin, "the tenant's session outlived the logout");
});
