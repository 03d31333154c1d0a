import assert from "node:assert/strict";
import { addApplication, addBoundAction } from "../support/application.ts";
import type { TestApplication } from "../support/application.ts";
import { Agent, answerOf, payloadOf } from "../support/oauth.ts";
import { perSuite, perTest } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

const ADA = "ada.lindqvist@xyz.example";
const INES = "ines.moreau@partner.example";
const MALIN = "malin.sandstrom@partner.example";
const CLAIM = "https://xyz.example/groups";

describe("several directories", () => {
  const test = perSuite(() => startTestTenant());
  const application = perSuite(() =>
    addApplication(test, {
      options: { tenant_domain: "xyz.onmicrosoft.com", domain_aliases: ["xyz.example"] },
    }),
  );
  let partner: TestApplication["connection"];
  const agent = perTest(() => new Agent(test));
  before(async () => {
    const { connections } = test.tenant.context.store.tables;
    partner = connections.put({
      ...application.connection,
      id: "con_partner",
      name: "partner",
      display_name: "Partners",
      options: {
        ext_groups: true,
        ext_nested_groups: true,
        tenant_domain: "Partner.onmicrosoft.com",
        domain_aliases: ["partner.example"],
      },
    });
    addBoundAction(
      test,
      `exports.onExecutePostLogin = async (event, api) => {
        const synced = await api.groups.getUserGroups();
        api.idToken.setCustomClaim("${CLAIM}", {
          event: event.user.groups, ids: event.user.group_ids, synced: synced.groups.map((group) => [group.name, group.connection_id]),
        });
      };`,
    );
  });

  const choose = async (changes: Record<string, string | undefined>) => {
    const redirect = await agent.authorize(application, { connection: undefined, ...changes });
    const page = await agent.get(String(redirect.headers.location));
    return { page: page.body, redirect, state: answerOf(redirect)["state"] ?? "" };
  };

  it("have people of their own, each behind the connection that names it", async () => {
    const ours = await choose({ connection: application.connection.name });
    assert.ok(ours.page.includes(ADA) && !ours.page.includes("@partner.example"));
    const theirs = await choose({ connection: "partner" });
    assert.ok(theirs.page.includes(INES) && !theirs.page.includes("@xyz.example"));
    assert.match(theirs.page, /Nordwind Partners/);
  });

  it("vouch only for their own people", async () => {
    for (const [connection, stranger] of [
      [application.connection.name, INES],
      ["partner", ADA],
    ] as const) {
      const { redirect } = await choose({ connection });
      const response = await agent.pick(redirect, stranger);
      assert.equal(response.statusCode, 400);
      assert.match(response.body, /Nobody in the directory has this email/);
    }
  });

  it("are chosen by the connection, by an email's domain, or by the person", async () => {
    const { page, state } = await choose({});
    assert.ok(page.includes(`Continue with ${application.connection.name}`));
    assert.ok(page.includes("Continue with Partners"));
    const chosen = await agent.get(`/u/login?state=${state}&connection=partner`);
    assert.ok(chosen.body.includes(INES));
    assert.ok((await choose({ login_hint: "someone@partner.example" })).page.includes(INES));
    assert.ok((await choose({ login_hint: "someone@partner.onmicrosoft.com" })).page.includes(INES));
    assert.ok((await choose({ login_hint: "someone@xyz.example" })).page.includes(ADA));
  });

  it("give their own groups, also where another directory has one of the same name", async () => {
    const claims = payloadOf(
      (await agent.tokens(application, { connection: "partner", employee: MALIN }))["id_token"],
    );
    const { directories = [] } = test.tenant.context.directory;
    const group = directories[0]?.groups.find(({ name }) => name === "Admin Portal Administrators");
    const given = claims[CLAIM] as { event: string[]; ids: string[]; synced: string[][] };
    assert.deepEqual(given.event, ["Admin Portal Administrators", "NW-Everybody"]);
    assert.equal(given.ids[0], group?.id);
    assert.deepEqual(given.synced, [
      ["Admin Portal Administrators", partner.id],
      ["NW-Everybody", partner.id],
    ]);
    assert.match(String(claims["sub"]), /^waad\|partner\|/);
  });

  it("follow nested groups inside of one directory", async () => {
    const tokens = await agent.tokens(application, { connection: "partner", employee: INES });
    const given = payloadOf(tokens["id_token"])[CLAIM] as { event: string[] };
    assert.deepEqual(given.event, ["NW-Project-Leads", "NW-Project-Team", "NW-Everybody"]);
  });

  it("do not let a session of the one count where the other is asked for", async () => {
    await agent.tokens(application, { employee: ADA });
    const other = await choose({ connection: "partner" });
    assert.ok(other.page.includes(INES));
    const same = await agent.authorize(application, { connection: undefined });
    assert.ok(answerOf(same)["code"], "the session counts where no connection is named");
  });
});
