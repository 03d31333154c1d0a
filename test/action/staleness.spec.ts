import assert from "node:assert/strict";
import type { PostLoginEvent } from "../../action/types.ts";
import { event, eventWithoutGroups, loadAction, settings } from "./support/bundled-action.ts";
import { type FaultyTenant, startFaultyTenant } from "./support/faulty-tenant.ts";

const claim = settings.groupsClaim;
const groups = { [claim]: ["All staff", "Finance"] };
const MINUTE = 60_000;
const limited = { groupSources: ["event", "directory-sync"], groupsMaxAgeMinutes: 15 } as const;
const synced = { getUserGroups: async () => ({ groups: [{ name: "Synced", connection_id: "con_azure" }] }) };

describe("groups of a real sign-in that is long ago", () => {
  const realNow = Date.now;
  const now = Date.parse("2026-11-26T12:00:00.000Z");
  let tenant: FaultyTenant;

  before(async () => {
    tenant = await startFaultyTenant();
    Date.now = () => now;
  });
  after(async () => {
    Date.now = realNow;
    await tenant.close();
  });

  const date = (age: number): string => new Date(now - age).toISOString();
  /** A sign-in with these methods. */
  const proved = (methods: unknown, who: PostLoginEvent = event): PostLoginEvent => ({
    ...who,
    authentication: { methods },
  });
  const federated = (age: number): object => ({ name: "federated", timestamp: date(age) });

  const fresh: [what: string, methods: unknown][] = [
    ["now", [federated(0)]],
    ["exactly at the limit", [federated(15 * MINUTE)]],
    ["by a clock that is a second ahead", [federated(-1000)]],
    ["with a second factor after it", [federated(MINUTE), { name: "mfa", timestamp: date(0) }]],
    ["after an earlier one", [federated(60 * MINUTE), federated(MINUTE)]],
  ];
  for (const [what, methods] of fresh) {
    it(`are used when it was ${what}`, async () => {
      const run = await loadAction(limited).run(proved(methods));
      assert.deepEqual(run.idToken, groups);
      assert.match(run.lines[0] ?? "", /source=event .* outcome=ok$/);
    });
  }

  const stale: [what: string, methods: unknown][] = [
    ["a millisecond past the limit", [federated(15 * MINUTE + 1)]],
    ["days ago", [federated(3 * 24 * 60 * MINUTE)]],
    ["in the future", [federated(-1001)]],
    ["of no time", [{ name: "federated" }]],
    ["of a time that is no date", [{ name: "federated", timestamp: "yesterday" }]],
    ["of a time that is null", [{ name: "federated", timestamp: null }]],
    ["of an empty time", [{ name: "federated", timestamp: "" }]],
    [
      "not said to have been one",
      [
        { name: "pwd", timestamp: date(0) },
        { name: "mfa", timestamp: date(0) },
      ],
    ],
    ["before a last one without a time", [federated(0), { name: "federated" }]],
    ["in a list that is empty", []],
    ["in a list of nothing", [null]],
    ["in no list", "federated"],
    ["nowhere", undefined],
  ];
  for (const [what, methods] of stale) {
    it(`are not used when it was ${what}`, async () => {
      const run = await loadAction({ ...limited, onMissingGroups: "deny" }).run(proved(methods));
      assert.deepEqual(run.idToken, {});
      assert.match(run.lines[0] ?? "", /source=none groups=0 ms=\d+ outcome=stale login=denied$/);
      const on = await loadAction(limited).run(proved(methods));
      assert.deepEqual(on.denials, []);
    });
  }

  it("are not used where the event says nothing of methods", async () => {
    assert.match((await loadAction(limited).run(event)).lines[0] ?? "", /outcome=stale$/);
  });

  it("are not made younger by the date of a session or a refresh token", async () => {
    const who = {
      ...proved([federated(60 * MINUTE)]),
      session: { created_at: date(0), authenticated_at: date(0) },
      refresh_token: { created_at: date(0), last_exchanged_at: date(0) },
      transaction: { protocol: "oauth2-refresh-token" },
    };
    assert.match((await loadAction(limited).run(who)).lines[0] ?? "", /outcome=stale$/);
  });

  it("are not asked of the Management API, and directory sync is asked all the same", async () => {
    const all = {
      groupSources: ["event", "management-api", "directory-sync"],
      groupsMaxAgeMinutes: 15,
    } as const;
    const who = proved([federated(16 * MINUTE)], { ...eventWithoutGroups });
    const action = loadAction(all, tenant.address);
    assert.match((await action.run(who)).lines[0] ?? "", /outcome=stale$/);
    const run = await action.run(who, synced);
    assert.deepEqual(run.idToken, { [claim]: ["Synced"] });
    assert.match(run.lines[0] ?? "", /source=directory-sync .* outcome=ok$/);
    assert.equal(tenant.calls.length, 0);
    const inTime = await action.run(proved([federated(15 * MINUTE)], eventWithoutGroups));
    assert.deepEqual(inTime.idToken, { [claim]: ["Stored"] });
  });

  it("leave the word to a source that was asked and failed", async () => {
    const down = { getUserGroups: async () => Promise.reject(new Error("down")) };
    assert.match((await loadAction(limited).run(event, down)).lines[0] ?? "", /outcome=sync-error$/);
  });

  it("are used for ever without a limit", async () => {
    for (const groupsMaxAgeMinutes of [0, undefined]) {
      const changes = groupsMaxAgeMinutes === undefined ? {} : { groupsMaxAgeMinutes };
      const run = await loadAction({ groupSources: ["event"], ...changes }).run(event);
      assert.deepEqual(run.idToken, groups);
    }
  });
});
