import assert from "node:assert/strict";
import { claimNameProblem } from "../../../stack/policy/claim-name.ts";

describe("claimNameProblem", () => {
  for (const name of [
    "https://xyz.example/claims/groups",
    "http://xyz.example/groups",
    "https://xyz.example",
    "https://notauth0.com/groups",
    "https://auth0.com.xyz.example/groups",
    "https://xyz.example/auth0.com",
    `https://xyz.example/${"a".repeat(980)}`,
  ]) {
    it(`takes ${name}`, () => assert.equal(claimNameProblem(name), undefined));
  }

  for (const [name, problem] of [
    ["", /is not an http\(s\) URL/],
    ["groups", /is not an http\(s\) URL, and Auth0 silently drops claims/],
    ["xyz.example/groups", /is not an http\(s\) URL/],
    ["urn:auth0:groups", /is not an http\(s\) URL \(its scheme is "urn"\)/],
    ["ftp://xyz.example/groups", /its scheme is "ftp"/],
    ["https://auth0.com/groups", /lies under auth0\.com/],
    ["https://XYZ.EU.Auth0.COM/groups", /lies under auth0\.com/],
    ["https://xyz.auth0.com./groups", /lies under auth0\.com/],
    ["https://xyz.auth0.com:8443/groups", /lies under auth0\.com/],
    ["https://a.webtask.io/groups", /lies under webtask\.io/],
    ["http://webtask.run/groups", /lies under webtask\.run/],
    ["https://xyz.example/my groups", /contains white space/],
    ["https:xyz.example/groups", /is not spelled as a URL/],
    ["https:/xyz.example/groups", /is not spelled as a URL/],
    ["https:\\\\xyz.example\\groups", /is not spelled as a URL/],
    ["https://xyz.example/a\\groups", /is not spelled as a URL/],
    ["https:https://xyz.example/groups", /is not spelled as a URL/],
    ["HTTPS://xyz.example/groups", /is not spelled as a URL/],
    ["https://xyz.example/\u200bgroups", /is not spelled as a URL/],
    ["https://xyz.example/groups\u0000", /is not spelled as a URL/],
    [`https://xyz.example/${"a".repeat(981)}`, /has 1001 characters, and at most 1000 are allowed/],
    ["https://me:pw@xyz.example/groups", /carries a user name/],
    ["https://me@xyz.example/groups", /carries a user name/],
    ["https://:pw@xyz.example/groups", /carries a user name or a password/],
  ] as const) {
    it(`refuses ${JSON.stringify(name)}`, () => assert.match(claimNameProblem(name) ?? "", problem));
  }
});
