import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { ActionSettings } from "../../action/settings.ts";
import type { PostLoginEvent } from "../../action/types.ts";
import { createActionRunner } from "../../local/tenant/actions/runner.ts";
import type { ActionRunner, FlowOutcome, FlowServices } from "../../local/tenant/actions/types.ts";
import { createTls } from "../../local/tenant/tls.ts";
import { bundleAction } from "../../stack/bundle.ts";
import { event, eventWithoutGroups, settings } from "./support/bundled-action.ts";
import { type FaultyTenant, startFaultyTenant } from "./support/faulty-tenant.ts";

const claim = settings.groupsClaim;
const services: FlowServices = {
  getUserGroups: async () => ({ groups: [] }),
  hasGroupMembership: async () => ({ memberships: {} }),
  getUserEffectiveRoles: async () => ({ roles: [] }),
};

describe("the bundle in a process of its own", () => {
  let runner: ActionRunner;
  let tenant: FaultyTenant;

  before(async () => {
    const tls = await createTls();
    tenant = await startFaultyTenant({ key: tls.key, cert: tls.cert });
    const projectFolder = fileURLToPath(new URL("../..", import.meta.url));
    runner = createActionRunner({ ca: tls.ca, projectFolder, maxInstances: 2 });
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

  /** Each `version` is an instance of its own. */
  function run(
    version: string,
    who: PostLoginEvent,
    changes: Partial<ActionSettings> = {},
    own: Partial<FlowServices> = {},
  ): Promise<FlowOutcome> {
    const { client, connection, transaction, user } = who;
    const host = new URL(tenant.address).host;
    return runner.run({
      actions: [
        {
          id: "act_1",
          name: "Enrich JWT with Groups from AD",
          versionId: version,
          runtime: "node22",
          ...bundleAction({ ...settings, ...changes }),
          secrets: {
            ...event.secrets,
            TENANT: host,
            AUDIENCE: `https://${host}/api/v2/`,
          },
        },
      ],
      event: { client, connection, transaction, user },
      entry: "onExecutePostLogin",
      services: { ...services, ...own },
    });
  }

  const line = (flow: FlowOutcome): string => flow.runs[0]?.console.map(({ text }) => text).join("\n") ?? "";

  it("takes the event's groups without a call", async () => {
    const flow = await run("free", event);
    assert.equal(flow.status, "completed");
    assert.deepEqual(flow.idTokenClaims, { [claim]: ["All staff", "Finance"] });
    assert.deepEqual(flow.runs[0]?.httpCalls, []);
    assert.match(line(flow), /^workforce-sso source=event groups=2 ms=\d+ outcome=ok$/);
  });

  it("takes the groups of directory sync", async () => {
    const group = {
      id: "grp_1",
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
      assert.match(line(flow), /source=management-api groups=1 ms=\d+ outcome=ok$/);
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
    assert.match(line(on), /source=none groups=0 ms=\d+ outcome=timeout$/);
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
});
