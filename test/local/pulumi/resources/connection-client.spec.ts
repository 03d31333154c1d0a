import assert from "node:assert/strict";
import { deleteResource, readResource } from "../../../../local/pulumi/resources/lifecycle.ts";
import { resourceType } from "../../../../local/pulumi/resources/registry.ts";
import { CONNECTION, CONNECTION_CLIENT, useBench } from "./support.ts";

describe("resources: ConnectionClient", () => {
  const bench = useBench();
  let connectionId: string;
  beforeEach(async () => {
    connectionId = (await bench.create(CONNECTION, { name: "azure", strategy: "waad", options: {} })).id;
    bench.tenant.enabled.set(connectionId, ["theirs"]);
    bench.tenant.take();
  });

  const type = resourceType(CONNECTION_CLIENT);

  it("enables its client beside the others, without a look before", async () => {
    const { id, state } = await bench.create(CONNECTION_CLIENT, { connectionId, clientId: "ours" });
    const path = `/connections/${connectionId}`;
    const requests = bench.tenant.takeAll();
    assert.deepEqual(
      requests.map((request) => `${request.method} ${request.path}`),
      [
        `PATCH ${path}/clients`,
        `GET ${path}/clients`,
        `GET ${path}?fields=strategy%2Cname&include_fields=true`,
      ],
    );
    assert.deepEqual(requests[0]?.body, [{ client_id: "ours", status: true }]);
    assert.equal(id, `${connectionId}::ours`);
    assert.deepEqual(
      [state["connectionId"], state["clientId"], state["name"], state["strategy"]],
      [connectionId, "ours", "azure", "waad"],
    );
    assert.deepEqual(bench.tenant.enabled.get(connectionId), ["theirs", "ours"]);
  });

  it("is gone where its client is not enabled any more, and asks for nothing else then", async () => {
    const { id, state } = await bench.create(CONNECTION_CLIENT, { connectionId, clientId: "ours" });
    bench.tenant.enabled.set(connectionId, ["theirs"]);
    bench.tenant.take();
    assert.equal(await readResource(type, bench.api, id, state, {}), undefined);
    assert.deepEqual(bench.tenant.take(), [`GET /connections/${connectionId}/clients`]);
  });

  it("fails to read a connection that is gone, as the plugin does", async () => {
    await assert.rejects(
      readResource(type, bench.api, "con_gone::ours", {}, {}),
      /404 Not Found: The connection does not exist/,
    );
  });

  it("is imported by connection and client", async () => {
    const found = await readResource(type, bench.api, `${connectionId}::theirs`, {}, {});
    assert.deepEqual(found?.inputs, { __defaults: [], clientId: "theirs", connectionId });
    await assert.rejects(readResource(type, bench.api, connectionId, {}, {}), /<connection_id>::<client_id>/);
  });

  it("disables its client alone at a delete, and is done where the connection is gone", async () => {
    bench.tenant.enabled.set(connectionId, ["theirs", "ours"]);
    await deleteResource(type, bench.api, `${connectionId}::ours`, {});
    assert.deepEqual(bench.tenant.takeAll()[0]?.body, [{ client_id: "ours", status: false }]);
    assert.deepEqual(bench.tenant.enabled.get(connectionId), ["theirs"]);
    await deleteResource(type, bench.api, "con_gone::ours", {});
  });
});
