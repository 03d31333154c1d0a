import assert from "node:assert/strict";
import { Browser } from "../support/browser.mjs";
import { job } from "../support/case.mjs";
import { python } from "../support/python.mjs";
import { API, EMPLOYEE, EMPLOYEE_GROUPS, GROUPS_CLAIM, issuer, seed } from "../support/tenant.mjs";

const CALLBACK = "https://app.xyz.example/callback";

await job(async (step) => {
  step("seed and sign-in");
  const { client } = await seed({ callbacks: [CALLBACK] });
  const query = {
    client_id: client.client_id,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: "openid profile email offline_access read:orders",
    audience: API,
    nonce: "a-nonce",
  };
  const url = `${issuer}authorize?${new URLSearchParams(query)}`;
  const callback = await new Browser().signIn(url, EMPLOYEE, { stopAt: CALLBACK });
  const code = callback.url.searchParams.get("code");
  assert.ok(code, callback.url.href);

  step("the Python client's job");
  await python(["auth0_client.py"], {
    APP: JSON.stringify({ id: client.client_id, secret: client.client_secret, callback: CALLBACK, code }),
    EXPECTED: JSON.stringify({ email: EMPLOYEE, groups: EMPLOYEE_GROUPS, claim: GROUPS_CLAIM, api: API }),
  });
});
