import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { appendAction, makeClient } from "../../../packages/local-tenant/test/support/by-hand.ts";
import { withTemporaryFolder } from "../../../packages/local-tenant/test/support/temporary.ts";
import { startTestTenant } from "../../../packages/local-tenant/test/support/tenant.ts";
import type { TestTenant } from "../../../packages/local-tenant/test/support/tenant.ts";
import { watchTenant } from "../../../stack/preflight/watch.ts";
import { type EngineOptions, type HookedRun, runWithHooks } from "../../support/hooking-engine.ts";

const OURS = "Ours";

/** A resource of any type. */
class Thing extends pulumi.CustomResource {
  constructor(type: string, name: string, inputs: pulumi.Inputs = {}) {
    super(type, name, inputs);
  }
}

describe("watchTenant", () => {
  let test: TestTenant;
  let warnings: string[];
  const { warn } = pulumi.log;

  beforeEach(async () => {
    test = await startTestTenant();
    warnings = [];
    Object.assign(pulumi.log, { warn: async (text: string) => void warnings.push(text) });
  });
  afterEach(() => {
    Object.assign(pulumi.log, { warn });
    return test.close();
  });

  /** Runs the program that watches first and then makes the resources, with the deployer's credentials. */
  async function run(
    resources: () => void,
    { credentials = {}, ...options }: EngineOptions & { credentials?: Record<string, string> } = {},
  ): Promise<HookedRun> {
    const { domain, store } = test.tenant.context;
    return withTemporaryFolder(async (folder) => {
      const before = process.env["SSL_CERT_FILE"];
      process.env["SSL_CERT_FILE"] = join(folder, "ca.pem");
      writeFileSync(join(folder, "ca.pem"), test.tenant.ca);
      const { clientId, clientSecret } = store.deployer;
      const config = { "auth0:clientId": clientId, "auth0:clientSecret": clientSecret, ...credentials };
      try {
        return await runWithHooks(() => {
          pulumi.runtime.setAllConfig(config);
          watchTenant({ domain, action: OURS, mode: "exclusive" });
          resources();
        }, options);
      } finally {
        if (before === undefined) delete process.env["SSL_CERT_FILE"];
        else process.env["SSL_CERT_FILE"] = before;
      }
    });
  }

  const client = (name: string, displayName: string) =>
    new Thing("auth0:index/client:Client", name, { name: displayName });
  const flow = () =>
    new Thing("auth0:index/triggerActions:TriggerActions", "login-flow-bindings", { actions: [] });
  const asked = () =>
    test.tenant.context.log.list().filter(({ path }) => path.startsWith("/api/v2/clients")).length;

  it("lets everything pass where nobody is hit, and asks the tenant once for all", async () => {
    const before = asked();
    const { complaints, made, hooked } = await run(() => {
      client("one-client", "One");
      client("two-client", "Two");
    });
    assert.deepEqual(complaints, []);
    assert.ok(made.includes("one-client") && made.includes("two-client"));
    assert.deepEqual(hooked.toSorted(), ["one-client", "two-client"]);
    assert.equal(asked() - before, 1);
    assert.deepEqual(warnings, []);
  });

  it("asks nothing for what cannot hit anybody", async () => {
    const before = test.tenant.context.log.list().length;
    const { hooked } = await run(() => {
      new Thing("auth0:index/clientGrant:ClientGrant", "grant");
      new Thing("random:index/pet:Pet", "pet");
      // Another provider may well have a type by the same end.
      new Thing("other:index/client:Client", "other-client");
    });
    assert.deepEqual(hooked, []);
    assert.equal(test.tenant.context.log.list().length, before);
  });

  it("stops an update at the first finding, before the resource is made", async () => {
    await makeClient(test, "Taken");
    const { complaints, made } = await run(() => void client("portal-client", "Taken"));
    const [complaint = ""] = complaints;
    assert.match(
      complaint,
      /^The preflight found one thing on localhost:\d+:\n {2}portal-client would be made/,
    );
    assert.ok(!made.includes("portal-client") && !made.includes("preflight"));
  });

  it("stops a change of what is there as well, by the place of the stack's own file", async () => {
    await appendAction(test, "Stranger");
    const { complaints } = await run(flow, { known: ["login-flow-bindings"] });
    assert.match(complaints.join(), /login-flow-bindings would unbind "Stranger"/);
    assert.match(
      complaints.join(),
      /write this into Pulumi\.dev\.yaml under config:\n {2}workforce-sso:postLoginBefore:/,
    );
  });

  it("takes nothing that the stack has already for another's", async () => {
    await makeClient(test, "Taken");
    const { complaints, made } = await run(() => void client("portal-client", "Taken"), {
      known: ["portal-client"],
    });
    assert.deepEqual(complaints, []);
    assert.ok(made.includes("portal-client"));
  });

  it("lets a preview go on to its end, and says there all that was found, once", async () => {
    await makeClient(test, "Taken");
    await appendAction(test, "Stranger");
    const { complaints, made, hooked } = await run(
      () => {
        client("portal-client", "Taken");
        flow();
        client("free-client", "Free");
      },
      { preview: true },
    );
    assert.equal(complaints.length, 1, complaints.join("\n"));
    assert.match(complaints[0] ?? "", /^The preflight found 2 things on/);
    assert.match(complaints[0] ?? "", /portal-client would be made/);
    assert.match(complaints[0] ?? "", /would unbind "Stranger"/);
    assert.ok(["portal-client", "login-flow-bindings", "free-client"].every((name) => made.includes(name)));
    assert.equal(hooked.at(-1), "preflight", "the verdict waits for all others");
  });

  it("stops nothing that it may not see, and says so once", async () => {
    const { complaints } = await run(
      () => {
        client("one-client", "One");
        client("two-client", "Two");
      },
      { credentials: { "auth0:clientSecret": "wrong" } },
    );
    assert.deepEqual(complaints, []);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0] ?? "",
      /^The preflight cannot see all of localhost:\d+, and stops nothing that it cannot see: localhost:\d+ gave no token: 401/,
    );
  });

  it("says what it lacks where there are no credentials", async () => {
    const credentials = { "auth0:clientSecret": "" };
    await run(() => void client("one-client", "One"), { credentials });
    assert.match(warnings.join(), /cannot see: it needs auth0:clientId and auth0:clientSecret/);
  });
});
