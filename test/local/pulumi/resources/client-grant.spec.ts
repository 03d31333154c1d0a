import assert from "node:assert/strict";
import { checkInputs } from "../../../../local/pulumi/resources/check.ts";
import { deleteResource, readResource } from "../../../../local/pulumi/resources/lifecycle.ts";
import { resourceType } from "../../../../local/pulumi/resources/registry.ts";
import { GRANT, useBench } from "./support.ts";

describe("resources: ClientGrant", () => {
  const bench = useBench();
  beforeEach(() => {
    bench.tenant.grants.clear();
  });

  const given = { clientId: "m2m", audience: "https://localhost:1/api/v2/", scopes: ["read:users"] };

  it("looks for a grant of the same client and API, creates, and reads", async () => {
    const { id } = await bench.create(GRANT, given);
    const requests = bench.tenant.takeAll();
    assert.deepEqual(
      requests.map(({ method, path }) => `${method} ${path}`),
      [
        "GET /client-grants?audience=https%3A%2F%2Flocalhost%3A1%2Fapi%2Fv2%2F&client_id=m2m&include_totals=true&per_page=50",
        "POST /client-grants",
        `GET /client-grants/${id}`,
      ],
    );
    assert.deepEqual(requests[1]?.body, {
      client_id: "m2m",
      audience: "https://localhost:1/api/v2/",
      scope: ["read:users"],
    });
  });

  it("adopts the grant that is there and leaves its scopes, so that the next preview shows them", async () => {
    const first = await bench.create(GRANT, { ...given, scopes: ["read:clients"] });
    bench.tenant.take();
    const second = await bench.create(GRANT, given);
    assert.equal(second.id, first.id);
    assert.deepEqual(second.state["scopes"], ["read:clients"]);
    assert.ok(bench.tenant.take().every((line) => line.startsWith("GET ")));
  });

  it("does not adopt a grant for another kind of subject", async () => {
    const first = await bench.create(GRANT, { ...given, subjectType: "user" });
    const second = await bench.create(GRANT, given);
    assert.notEqual(second.id, first.id);
  });

  it("sends only what differs at an update, and no request but the read where nothing does", async () => {
    const { id, state } = await bench.create(GRANT, given);
    bench.tenant.take();
    await bench.update(GRANT, id, state, { ...given, scopes: ["read:users", "read:clients"] });
    assert.deepEqual(bench.tenant.takeAll()[0]?.body, { scope: ["read:users", "read:clients"] });
    await bench.update(GRANT, id, state, given);
    assert.deepEqual(bench.tenant.take(), [`GET /client-grants/${id}`]);
  });

  it("leaves allowAllScopes before it sets scopes again", async () => {
    const all = { clientId: "m2m", audience: "https://x/", allowAllScopes: true };
    const { id, state } = await bench.create(GRANT, all);
    bench.tenant.take();
    await bench.update(GRANT, id, state, { ...given, audience: "https://x/" });
    const patches = bench.tenant.takeAll().filter(({ method }) => method === "PATCH");
    assert.deepEqual(
      patches.map(({ body }) => body),
      [{ allow_all_scopes: false, scope: [] }, { scope: ["read:users"] }],
    );
  });

  it("has no list of scopes where a grant is for all of them", async () => {
    const { id, state } = await bench.create(GRANT, given);
    const all = { clientId: "m2m", audience: given.audience, allowAllScopes: true };
    const later = await bench.update(GRANT, id, state, all);
    assert.deepEqual(later["scopes"], []);
    const made = await bench.create(GRANT, { ...all, audience: "https://y/" });
    assert.equal(made.state["scopes"], null);
    const read = await readResource(resourceType(GRANT), bench.api, made.id, made.state, made.inputs);
    assert.equal(read?.state["scopes"], null);
  });

  it("takes 404 as gone, at a read and at a delete", async () => {
    const type = resourceType(GRANT);
    assert.equal(await readResource(type, bench.api, "cgr_gone", {}, {}), undefined);
    await deleteResource(type, bench.api, "cgr_gone", {});
    assert.deepEqual(bench.tenant.take(), ["GET /client-grants/cgr_gone", "DELETE /client-grants/cgr_gone"]);
  });

  it("refuses scopes beside allowAllScopes, and neither of them", () => {
    const reasons = [{ allowAllScopes: true }, { scopes: undefined }].map((change) => {
      const { failures } = checkInputs(resourceType(GRANT), { ...given, ...change });
      return failures.map(({ property }) => property);
    });
    assert.deepEqual(reasons, [["scopes"], ["scopes"]]);
  });
});
