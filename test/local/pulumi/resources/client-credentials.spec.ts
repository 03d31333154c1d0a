import assert from "node:assert/strict";
import { deleteResource } from "../../../../local/pulumi/resources/lifecycle.ts";
import { resourceType } from "../../../../local/pulumi/resources/registry.ts";
import { isSecret, reveal, secret } from "../../../../local/pulumi/resources/values.ts";
import { CLIENT, CREDENTIALS, useBench } from "./support.ts";

describe("resources: ClientCredentials", () => {
  const bench = useBench();
  let clientId: string;
  beforeEach(async () => {
    clientId = (await bench.create(CLIENT, { name: "m2m", appType: "non_interactive" })).id;
    bench.tenant.take();
  });

  it("looks for the client, sets the method, and reads the tenant's own secret, wrapped", async () => {
    const { id, state } = await bench.create(CREDENTIALS, {
      clientId,
      authenticationMethod: "client_secret_basic",
    });
    const requests = bench.tenant.takeAll();
    assert.deepEqual(
      requests.map(({ method, path }) => `${method} ${path}`),
      [
        `GET /clients/${id}?fields=client_id&include_fields=true`,
        `PATCH /clients/${id}`,
        `GET /clients/${id}`,
      ],
    );
    assert.deepEqual(requests[1]?.body, { token_endpoint_auth_method: "client_secret_basic" });
    assert.equal(id, clientId);
    assert.ok(isSecret(state["clientSecret"]));
    assert.equal(reveal(state["clientSecret"]), bench.tenant.clients.get(id)?.["client_secret"]);
  });

  it("sends a given secret after the method", async () => {
    const given = { clientId, authenticationMethod: "client_secret_post", clientSecret: secret("s3cret") };
    await bench.create(CREDENTIALS, given);
    const patches = bench.tenant.takeAll().filter(({ method }) => method === "PATCH");
    assert.deepEqual(
      patches.map(({ body }) => body),
      [{ token_endpoint_auth_method: "client_secret_post" }, { client_secret: "s3cret" }],
    );
  });

  it("sends no secret for a public client", async () => {
    await bench.create(CREDENTIALS, { clientId, authenticationMethod: "none", clientSecret: "ignored" });
    assert.equal(bench.tenant.take().filter((line) => line.startsWith("PATCH")).length, 1);
  });

  it("sends only what differs at an update", async () => {
    const given = { clientId, authenticationMethod: "client_secret_post" };
    const { id, state } = await bench.create(CREDENTIALS, given);
    bench.tenant.take();
    await bench.update(CREDENTIALS, id, state, { ...given, clientSecret: "new" });
    const requests = bench.tenant.takeAll();
    assert.deepEqual(
      requests.map(({ method }) => method),
      ["GET", "PATCH", "GET"],
    );
    assert.deepEqual(requests[1]?.body, { client_secret: "new" });
  });

  it("gives the client the method of its type back at a delete", async () => {
    const { id, state } = await bench.create(CREDENTIALS, { clientId, authenticationMethod: "none" });
    bench.tenant.take();
    await deleteResource(resourceType(CREDENTIALS), bench.api, id, state);
    const requests = bench.tenant.takeAll();
    assert.deepEqual(
      requests.map(({ method, path }) => `${method} ${path}`),
      [
        `GET /clients/${id}?fields=client_id%2Capp_type&include_fields=true`,
        `GET /clients/${id}/credentials?include_totals=true&per_page=50`,
        `PATCH /clients/${id}`,
      ],
    );
    assert.deepEqual(requests[2]?.body, { token_endpoint_auth_method: "client_secret_post" });
  });

  it("deletes nothing where the client is gone", async () => {
    await deleteResource(resourceType(CREDENTIALS), bench.api, "gone", {});
    assert.equal(bench.tenant.take().length, 1);
  });

  it("refuses to delete where the client has key credentials, which only the plugin manages", async () => {
    bench.tenant.override = ({ path }) =>
      path.includes("/credentials?") ? { status: 200, body: [{ id: "cred_1" }] } : undefined;
    await assert.rejects(
      deleteResource(resourceType(CREDENTIALS), bench.api, clientId, {}),
      /1 key credentials/,
    );
  });

  it("cannot be made for a client that is not there", async () => {
    await assert.rejects(
      bench.create(CREDENTIALS, { clientId: "gone" }),
      /404 Not Found: The client does not exist/,
    );
  });
});
