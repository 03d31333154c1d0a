import assert from "node:assert/strict";
import type { ActionSettings, ClaimTarget } from "../../action/settings.ts";
import type { PostLoginEvent } from "../../action/types.ts";
import { event, loadAction, settings } from "./support/bundled-action.ts";

const claim = settings.groupsClaim;
const free: Partial<ActionSettings> = { groupSources: ["event", "directory-sync"] };
const openid = ["openid", "profile"];
const api = { identifier: "https://reports.xyz.example/api" };

/** A sign-in, and whether it ends with the groups in a token when only this target is configured. */
interface Case {
  readonly what: string;
  readonly token: ClaimTarget;
  readonly transaction?: PostLoginEvent["transaction"] | undefined;
  readonly resource_server?: PostLoginEvent["resource_server"];
  readonly carried: boolean;
}

const carried = true;
const cases: readonly Case[] = [
  {
    what: "a code flow",
    token: "id",
    transaction: { protocol: "oidc-basic-profile", requested_scopes: openid, response_type: ["code"] },
    carried,
  },
  {
    what: "an implicit flow",
    token: "id",
    transaction: { protocol: "oidc-implicit-profile", response_type: ["id_token", "token"] },
    carried,
  },
  {
    what: "a hybrid flow in one text",
    token: "id",
    transaction: { protocol: "oidc-hybrid-profile", response_type: ["code id_token"] },
    carried,
  },
  {
    what: "a device",
    token: "id",
    transaction: { protocol: "oauth2-device-code", requested_scopes: openid },
    carried,
  },
  {
    what: "a password grant",
    token: "id",
    transaction: { protocol: "oauth2-password", requested_scopes: openid },
    carried,
  },
  {
    what: "a way back from a redirect",
    token: "id",
    transaction: { protocol: "redirect-callback" },
    carried,
  },
  { what: "no protocol", token: "id", transaction: {}, carried },
  { what: "no transaction", token: "id", transaction: undefined, carried },
  { what: "scopes that are not said", token: "id", transaction: { protocol: "oidc-basic-profile" }, carried },
  {
    what: "types that are not said",
    token: "id",
    transaction: { protocol: "oidc-basic-profile", response_type: [] },
    carried,
  },
  {
    what: "a refresh",
    token: "id",
    transaction: { protocol: "oauth2-refresh-token", requested_scopes: [] },
    carried,
  },
  {
    what: "a refresh with scopes",
    token: "id",
    transaction: { protocol: "oauth2-refresh-token", requested_scopes: openid },
    carried,
  },
  {
    what: "a refresh without openid",
    token: "id",
    transaction: { protocol: "oauth2-refresh-token", requested_scopes: ["read:x"] },
    carried: false,
  },
  {
    what: "scopes without openid",
    token: "id",
    transaction: { protocol: "oidc-basic-profile", requested_scopes: ["profile"] },
    carried: false,
  },
  {
    what: "a scope that only looks like it",
    token: "id",
    transaction: { protocol: "oidc-basic-profile", requested_scopes: ["openid2", "x:openid"] },
    carried: false,
  },
  {
    what: "scopes in one text",
    token: "id",
    transaction: {
      protocol: "oidc-basic-profile",
      requested_scopes: "profile openid",
      response_type: "code",
    },
    carried,
  },
  {
    what: "a text of scopes without openid",
    token: "id",
    transaction: { protocol: "oidc-basic-profile", requested_scopes: "profile openid2" },
    carried: false,
  },
  {
    what: "an access token alone in one text",
    token: "id",
    transaction: { protocol: "oidc-implicit-profile", requested_scopes: openid, response_type: "token" },
    carried: false,
  },
  {
    what: "no scopes at all",
    token: "id",
    transaction: { protocol: "oidc-basic-profile", requested_scopes: [] },
    carried: false,
  },
  {
    what: "an access token alone",
    token: "id",
    transaction: { protocol: "oidc-implicit-profile", requested_scopes: openid, response_type: ["token"] },
    carried: false,
  },
  {
    what: "an API",
    token: "access",
    transaction: { protocol: "oidc-basic-profile" },
    resource_server: api,
    carried,
  },
  {
    what: "an API without openid",
    token: "access",
    transaction: { protocol: "oidc-basic-profile", requested_scopes: ["read:x"] },
    resource_server: api,
    carried,
  },
  {
    what: "an API at a refresh",
    token: "access",
    transaction: { protocol: "oauth2-refresh-token" },
    resource_server: api,
    carried,
  },
  { what: "no API", token: "access", transaction: { protocol: "oidc-basic-profile" }, carried: false },
  {
    what: "an API without a name",
    token: "access",
    transaction: { protocol: "oidc-basic-profile" },
    resource_server: {},
    carried: false,
  },
  {
    what: "an API with an empty name",
    token: "access",
    transaction: {},
    resource_server: { identifier: "" },
    carried: false,
  },
  {
    what: "/userinfo alone",
    token: "access",
    transaction: {},
    resource_server: { identifier: "https://xyz.eu.auth0.com/userinfo" },
    carried: false,
  },
  { what: "SAML", token: "saml", transaction: { protocol: "samlp" }, carried },
  { what: "SAML, but for another target", token: "id", transaction: { protocol: "samlp" }, carried: false },
  {
    what: "SAML and an API",
    token: "access",
    transaction: { protocol: "samlp" },
    resource_server: api,
    carried: false,
  },
  {
    what: "a code flow, but for SAML",
    token: "saml",
    transaction: { protocol: "oidc-basic-profile" },
    carried: false,
  },
  ...[
    "wsfed",
    "wstrust-usernamemixed",
    "delegation",
    "saml",
    "xoidc-basic-profile",
    "redirect-callback-2",
  ].flatMap((protocol) =>
    (["id", "access", "saml"] as const).map((token) => ({
      what: protocol,
      token,
      transaction: { protocol },
      resource_server: api,
      carried: false,
    })),
  ),
];

describe("groups that a token has to carry", () => {
  for (const { what, token, carried, ...parts } of cases) {
    it(`${carried ? "are carried" : "are not carried"} by ${token} with ${what}`, async () => {
      const { client = {}, connection = {}, user = {} } = event;
      const who = { client, connection, user, ...(parts.transaction && { transaction: parts.transaction }) };
      const action = loadAction({ ...free, tokens: [token], onMissingGroups: "deny" });
      const run = await action.run({
        ...who,
        ...(parts.resource_server && { resource_server: parts.resource_server }),
      });
      if (carried) {
        const { idToken: id, accessToken: access, saml } = run;
        assert.deepEqual({ id, access, saml }[token], { [claim]: ["All staff", "Finance"] });
        assert.match(run.lines[0] ?? "", /groups=2 ms=\d+ outcome=ok$/);
      } else {
        assert.match(run.lines[0] ?? "", /source=event groups=0 ms=\d+ outcome=not-carried login=denied$/);
      }
      assert.equal(run.denials.length, carried ? 0 : 1);
    });
  }

  it("are carried when one of several targets does", async () => {
    const run = await loadAction({ ...free, tokens: ["id", "access", "saml"] }).run(event);
    assert.match(run.lines[0] ?? "", /groups=2 .* outcome=ok$/);
  });

  it("count as missing for an application that requires groups, and let others in", async () => {
    const saml = { ...event, transaction: { protocol: "samlp" } };
    const required = { ...saml, client: { metadata: { groups_required: "true" } } };
    const action = loadAction(free);
    assert.equal((await action.run(required)).denials.length, 1);
    const run = await action.run(saml);
    assert.deepEqual(run.denials, []);
    assert.match(run.lines[0] ?? "", /groups=0 .* outcome=not-carried$/);
  });

  it("are not carried where the runtime has no assertion to write to", async () => {
    const saml = { ...event, transaction: { protocol: "samlp" } };
    const run = await loadAction({ ...free, tokens: ["saml"] }).run(saml, {
      api: { samlResponse: undefined },
    });
    assert.match(run.lines[0] ?? "", /outcome=not-carried$/);
  });

  it("are written all the same where Auth0 takes that, should it issue the token after all", async () => {
    const run = await loadAction({ ...free, tokens: ["access"] }).run(event);
    assert.deepEqual(run.accessToken, { [claim]: ["All staff", "Finance"] });
    assert.match(run.lines[0] ?? "", /outcome=not-carried$/);
  });
});
