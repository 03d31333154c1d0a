import assert from "node:assert/strict";
import { deleteResource, readResource } from "../../../../local/pulumi/resources/lifecycle.ts";
import { resourceType } from "../../../../local/pulumi/resources/registry.ts";
import { CONNECTION, CONNECTION_CLIENTS, useBench } from "./support.ts";

describe("resources: ConnectionClients", () => {
  const bench = useBench();
  let connectionId: string;
  beforeEach(async () => {
    connectionId = (await bench.create(CONNECTION, { name: "azure", strategy: "waad", options: {} })).id;
    bench.tenant.take();
  });

  it("looks who is enabled, enables all in one request, and reads", async () => {
    const { id, state } = await bench.create(CONNECTION_CLIENTS, {
      connectionId,
      enabledClients: ["b", "a"],
    });
    const requests = bench.tenant.takeAll();
    const path = `/connections/${connectionId}`;
    assert.deepEqual(
      requests.map((request) => `${request.method} ${request.path}`),
      [
        `GET ${path}/clients`,
        `PATCH ${path}/clients`,
        `GET ${path}/clients`,
        `GET ${path}?fields=strategy%2Cname&include_fields=true`,
      ],
    );
    assert.deepEqual(requests[1]?.body, [
      { client_id: "a", status: true },
      { client_id: "b", status: true },
    ]);
    assert.equal(id, connectionId);
    assert.deepEqual(
      [state["enabledClients"], state["name"], state["strategy"]],
      [["a", "b"], "azure", "waad"],
    );
  });

  it("asks nothing for an empty list, and keeps it as the plugin does", async () => {
    const { state } = await bench.create(CONNECTION_CLIENTS, { connectionId, enabledClients: [] });
    assert.ok(bench.tenant.take().every((line) => line.startsWith("GET ")));
    assert.equal(state["enabledClients"], null);
  });

  it("refuses a connection that is enabled for somebody else's client", async () => {
    bench.tenant.enabled.set(connectionId, ["theirs"]);
    await assert.rejects(
      bench.create(CONNECTION_CLIENTS, { connectionId, enabledClients: ["a"] }),
      /Connection with non empty enabled clients: .*theirs.*pulumi import/,
    );
    assert.deepEqual(bench.tenant.take(), [`GET /connections/${connectionId}/clients`]);
  });

  it("sends the difference alone at an update", async () => {
    const { id, state } = await bench.create(CONNECTION_CLIENTS, {
      connectionId,
      enabledClients: ["a", "b"],
    });
    bench.tenant.take();
    await bench.update(CONNECTION_CLIENTS, id, state, { connectionId, enabledClients: ["b", "c"] });
    assert.deepEqual(bench.tenant.takeAll()[0]?.body, [
      { client_id: "c", status: true },
      { client_id: "a", status: false },
    ]);
  });

  it("follows the tenant's pages", async () => {
    bench.tenant.override = ({ path }) => {
      if (path.endsWith("/clients"))
        return { status: 200, body: { clients: [{ client_id: "a" }], next: "n 1" } };
      return path.includes("?from=") ? { status: 200, body: { clients: [{ client_id: "b" }] } } : undefined;
    };
    const read = await readResource(resourceType(CONNECTION_CLIENTS), bench.api, connectionId, {}, {});
    assert.deepEqual(read?.state["enabledClients"], ["a", "b"]);
    assert.equal(bench.tenant.take()[1], `GET /connections/${connectionId}/clients?from=n%201`);
  });

  it("disables all at a delete, and asks nothing where none is enabled", async () => {
    const type = resourceType(CONNECTION_CLIENTS);
    await deleteResource(type, bench.api, connectionId, { enabledClients: ["a"] });
    assert.deepEqual(bench.tenant.takeAll()[0]?.body, [{ client_id: "a", status: false }]);
    await deleteResource(type, bench.api, connectionId, { enabledClients: [] });
    assert.deepEqual(bench.tenant.take(), []);
  });

  it("fails to read a connection that is gone, as the plugin does", async () => {
    await assert.rejects(
      readResource(resourceType(CONNECTION_CLIENTS), bench.api, "con_gone", {}, {}),
      /404 Not Found: The connection does not exist/,
    );
  });
});
