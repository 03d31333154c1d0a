import assert from "node:assert/strict";
import type { ActionSettings } from "../../action/settings.ts";
import type { PostLoginEvent } from "../../action/types.ts";
import type {
  ActionRunner,
  FlowOutcome,
  FlowLookups,
} from "../../packages/local-tenant/src/actions/types.ts";
import { createTls } from "../../packages/local-tenant/src/lib/tls.ts";
import { event, eventWithoutGroups, settings } from "./support/bundled-action.ts";
import { type FaultyTenant, startFaultyTenant } from "./support/faulty-tenant.ts";
import { createRunner, linesOf, runIsolated } from "./support/isolated-action.ts";

const claim = settings.groupsClaim;

describe("the bundle in a process of its own", () => {
  let runner: ActionRunner;
  let tenant: FaultyTenant;

  before(async () => {
    const tls = await createTls();
    tenant = await startFaultyTenant({ key: tls.key, cert: tls.cert });
    runner = createRunner(tls.ca, 2);
  });
  beforeEach(() => {
    tenant.calls.length = 0;
    tenant.token = ["ok"];
    tenant.user = ["ok"];
  });
  after(async () => {
    await runner.close();
    await tenant.close();
  });

  function run(
    version: string,
    who: PostLoginEvent,
    changes: Partial<ActionSettings> = {},
    lookups: Partial<FlowLookups> = {},
  ): Promise<FlowOutcome> {
    return runIsolated(runner, tenant.address, { version, who, changes, lookups });
  }

  it("takes the event's groups without a call", async () => {
    const flow = await run("free", event);
    assert.equal(flow.status, "completed");
    assert.deepEqual(flow.idTokenClaims, { [claim]: ["All staff", "Finance"] });
    assert.deepEqual(flow.runs[0]?.httpCalls, []);
    assert.match(linesOf(flow), /^workforce-sso source=event groups=2 ms=\d+ outcome=ok$/);
  });

  it("takes the groups of directory sync", async () => {
    const group = {
      id: "grp_1",
      connection_id: "con_azure",
      tenant_name: "t",
      created_at: "",
      updated_at: "",
      membership_created_at: "",
    };
    const flow = await run(
      "sync",
      eventWithoutGroups,
      {},
      {
        getUserGroups: async () => ({ groups: [{ ...group, name: "Synced", assignment: "direct" }] }),
      },
    );
    assert.deepEqual(flow.idTokenClaims, { [claim]: ["Synced"] });
  });

  it("reads the Management API with the SDK, and asks for one token over many sign-ins", async () => {
    for (let signIn = 0; signIn < 3; signIn += 1) {
      const flow = await run("fallback", eventWithoutGroups);
      assert.deepEqual(flow.idTokenClaims, { [claim]: ["Stored"] });
      assert.match(linesOf(flow), /source=management-api groups=1 ms=\d+ outcome=ok$/);
    }
    assert.deepEqual(
      tenant.calls.map(({ url }) => url.split("?")[0]),
      ["/oauth/token", ...Array<string>(3).fill("/api/v2/users/waad%7Cada%2Blovelace")],
    );
  });

  it("lets the sign-in go on, or denies it, when a socket hangs", async () => {
    tenant.user = ["hang"];
    const on = await run("hang-on", eventWithoutGroups, { managementApiTimeoutMs: 1500 });
    assert.equal(on.status, "completed");
    assert.deepEqual(on.idTokenClaims, {});
    assert.match(linesOf(on), /source=none groups=0 ms=\d+ outcome=timeout$/);
    const off = await run("hang-deny", eventWithoutGroups, {
      managementApiTimeoutMs: 1500,
      onMissingGroups: "deny",
    });
    assert.equal(off.status, "denied");
    assert.equal(
      off.denial?.reason,
      "This application needs directory groups, and none could be had for this account.",
    );
  });

  it("lets an employee in again who was denied while the API was down", async () => {
    tenant.user = ["500", "500", "ok"];
    const deny = { onMissingGroups: "deny" } as const;
    assert.equal((await run("recovers", eventWithoutGroups, deny)).status, "denied");
    assert.deepEqual((await run("recovers", eventWithoutGroups, deny)).idTokenClaims, {
      [claim]: ["Stored"],
    });
  });

  const old = { methods: [{ name: "federated", timestamp: "2020-01-01T00:00:00.000Z" }] };
  const others: [outcome: string, who: PostLoginEvent, changes: Partial<ActionSettings>][] = [
    ["stale", { ...event, authentication: old }, { groupsMaxAgeMinutes: 15 }],
    ["unreadable", { ...event, user: { ...event.user, groups: 7 } }, { groupSources: ["event"] }],
    ["not-carried", { ...event, transaction: { protocol: "wsfed" } }, {}],
    ["linked", { ...event, user: { ...event.user, identities: twice(event.user?.identities) } }, {}],
  ];
  for (const [outcome, who, changes] of others) {
    it(`denies who needs groups and ends ${outcome}, without a call`, async () => {
      const flow = await run(outcome, who, { ...changes, onMissingGroups: "deny" });
      assert.equal(flow.status, "denied");
      assert.match(linesOf(flow), new RegExp(`groups=0 ms=\\d+ outcome=${outcome} login=denied$`));
      assert.deepEqual(flow.runs[0]?.httpCalls, []);
    });
  }
});

function twice(list: unknown): unknown[] {
  return [list, list].flat();
}
