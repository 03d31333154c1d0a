import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import type { Access } from "../../../stack/preflight/access.ts";
import { lookAtTenant } from "../../../stack/preflight/look.ts";
import {
  appendAction,
  bindActions,
  makeAction,
  makeClient,
  makeConnection,
} from "../../../packages/local-tenant/test/support/by-hand.ts";
import { perTest } from "../../../packages/local-tenant/test/support/per-suite.ts";
import { startTestTenant } from "../../../packages/local-tenant/test/support/tenant.ts";

describe("lookAtTenant", () => {
  const test = perTest(() => startTestTenant());
  let access: Access;

  beforeEach(() => {
    const { domain, store, managementAudience: audience } = test.tenant.context;
    access = { domain, credentials: { ...store.deployer, audience }, ca: [test.tenant.ca] };
  });

  it("sees the flow in its order, Actions, connections and clients, by GET alone", async () => {
    await appendAction(test, "Risk");
    await appendAction(test, "Audit");
    const id = await makeClient(test, "Reports");
    test.tenant.context.log.list();
    const before = test.tenant.context.log.list().length;
    const look = await lookAtTenant(access);
    assert.deepEqual(look.errors, []);
    assert.deepEqual(
      look.bindings?.map(({ name }) => name),
      ["Risk", "Audit"],
    );
    assert.deepEqual(look.actions?.map(({ name }) => name).toSorted(), ["Audit", "Risk"]);
    assert.deepEqual(
      look.clients?.filter(({ name }) => name === "Reports"),
      [{ id, name: "Reports" }],
    );
    assert.ok(look.connections !== undefined);
    const requests = test.tenant.context.log.list().slice(before);
    assert.deepEqual(
      [
        ...new Set(requests.map(({ method, path }) => (path === "/oauth/token" ? "token" : method))),
      ].toSorted(),
      ["GET", "token"],
    );
    assert.ok(requests.every(({ status }) => status === 200));
  });

  it("knows each by its id, and an entry of the flow by the Action's own name and the one that it has there", async () => {
    const { actionId } = await makeAction(test, "Risk");
    await bindActions(test, [{ actionId, displayName: "Risk, as the flow calls it" }]);
    const connection = await makeConnection(test);
    const look = await lookAtTenant(access);
    assert.deepEqual(look.bindings, [{ actionId, name: "Risk", displayName: "Risk, as the flow calls it" }]);
    assert.deepEqual(look.actions, [{ id: actionId, name: "Risk" }]);
    const azure = look.connections?.filter(({ name }) => name === "azure-ad");
    assert.deepEqual(azure, [{ id: connection, name: "azure-ad" }]);
  });

  it("reads every page", async () => {
    for (let number = 0; number < 23; number += 1) await appendAction(test, `Action ${number}`);
    assert.equal((await lookAtTenant(access)).actions?.length, 23);
  });

  it("sees what a token may see, and says of the rest which scope is missing", async () => {
    const { store } = test.tenant.context;
    const grant = store.tables.clientGrants.find((row) => row.client_id === store.deployer.clientId);
    await test.api("PATCH", `/client-grants/${grant?.id}`, { scope: ["read:clients"] });
    const look = await lookAtTenant(access);
    assert.deepEqual(Object.keys(look).toSorted(), ["clients", "errors"]);
    assert.deepEqual(
      look.errors.map((error) => /did not show its (.*?): 403/.exec(error)?.[1]),
      ["Actions", "connections", "post-login flow"],
    );
    assert.match(
      look.errors.join("; "),
      /did not show its connections: 403 Insufficient scope.*read:connections/,
    );
  });

  it("says that credentials are refused, and shows none of them", async () => {
    const credentials = { clientId: "nobody", clientSecret: "wrong-and-secret", audience: "https://x/" };
    const look = await lookAtTenant({ ...access, credentials });
    assert.match(look.errors.join(), /gave no token: 401/);
    assert.doesNotMatch(look.errors.join(), /wrong-and-secret|nobody/);
    const refused = await lookAtTenant({ ...access, credentials: { token: "a-token-that-is-none" } });
    assert.equal(refused.errors.length, 4);
    assert.doesNotMatch(refused.errors.join(), /a-token-that-is-none/);
  });

  it("says what is strange about an answer", async () => {
    test.tenant.context.faults.replace([{ kind: "status", value: 500, path: "/api/v2/clients", share: 1 }]);
    assert.match((await lookAtTenant(access)).errors.join(), /did not show its clients: 500/);
  });

  it("says that nobody is there, and that a certificate is not trusted", async () => {
    const nobody = await lookAtTenant({ ...access, domain: "localhost:1" });
    assert.match(nobody.errors.join(), /localhost:1 gave no token: ECONNREFUSED/);
    const { domain, credentials } = access;
    assert.match(
      (await lookAtTenant({ domain, credentials })).errors.join(),
      /gave no token: .*(?:CERT|SIGNATURE)/,
    );
  });

  it("waits no longer than its deadline for a tenant that does not answer", async () => {
    const server = createServer(() => undefined).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    // SAFETY: a server that listens on a TCP port has an AddressInfo.
    const { port } = server.address() as AddressInfo;
    try {
      const look = await lookAtTenant({ ...access, domain: `127.0.0.1:${port}` }, 50);
      assert.match(look.errors.join(), /gave no token: it did not answer in time/);
    } finally {
      server.close();
    }
  });
});
