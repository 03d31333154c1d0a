import assert from "node:assert/strict";
import { deleteResource, readResource } from "../../../../local/pulumi/resources/lifecycle.ts";
import { resourceType } from "../../../../local/pulumi/resources/registry.ts";
import type { Props } from "../../../../local/pulumi/resources/values.ts";
import { isSecret, secret } from "../../../../local/pulumi/resources/values.ts";
import { CONNECTION, useBench } from "./support.ts";

describe("resources: Connection", () => {
  const bench = useBench();

  const options = {
    clientId: "app",
    clientSecret: secret("azure-secret"),
    domain: "xyz.example",
    tenantDomain: "xyz.onmicrosoft.example",
    domainAliases: ["xyz.example", "b.example"],
    identityApi: "microsoft-identity-platform-v2.0",
    userIdAttribute: "oid",
    maxGroupsToRetrieve: "250",
    waadCommonEndpoint: false,
    scopes: ["basic_profile", "ext_profile", "ext_groups"],
    setUserRootAttributes: "on_each_login",
    upstreamParams: '{"b":{"alias":"x"},"a":{"value":"1"}}',
  };
  const given = { name: "azure-ad", strategy: "waad", showAsButton: true, options };
  const wire = {
    client_id: "app",
    client_secret: "azure-secret",
    domain: "xyz.example",
    tenant_domain: "xyz.onmicrosoft.example",
    domain_aliases: ["b.example", "xyz.example"],
    identity_api: "microsoft-identity-platform-v2.0",
    userid_attribute: "oid",
    max_groups_to_retrieve: "250",
    useCommonEndpoint: false,
    basic_profile: true,
    ext_profile: true,
    ext_groups: true,
    upstream_params: { a: { value: "1" }, b: { alias: "x" } },
  };

  it("creates with scopes as booleans and on_each_login left out, and reads", async () => {
    const { id, state } = await bench.create(CONNECTION, given);
    const requests = bench.tenant.takeAll();
    assert.deepEqual(
      requests.map(({ method, path }) => `${method} ${path}`),
      ["POST /connections", `GET /connections/${id}`],
    );
    assert.deepEqual(requests[0]?.body, {
      name: "azure-ad",
      strategy: "waad",
      show_as_button: true,
      options: wire,
    });
    const read = state["options"] as Props;
    assert.deepEqual(read["scopes"], ["basic_profile", "ext_groups", "ext_profile"]);
    assert.equal(read["setUserRootAttributes"], "on_each_login");
    assert.equal(read["upstreamParams"], '{"a":{"value":"1"},"b":{"alias":"x"}}');
    assert.ok(isSecret(read["clientSecret"]));
  });

  it("carries what only the tenant sets through an update, which replaces the options", async () => {
    const { id, state } = await bench.create(CONNECTION, given);
    bench.tenant.take();
    const changed = {
      ...given,
      options: { ...options, scopes: ["basic_profile"], setUserRootAttributes: "on_first_login" },
    };
    await bench.update(CONNECTION, id, state, changed);
    const [there, patch, read] = bench.tenant.takeAll();
    assert.deepEqual([there?.method, patch?.method, read?.method], ["GET", "PATCH", "GET"]);
    assert.deepEqual(patch?.body, {
      show_as_button: true,
      options: {
        ...wire,
        ext_profile: false,
        ext_groups: false,
        set_user_root_attributes: "on_first_login",
        thumbprints: ["2ed8"],
        app_domain: bench.tenant.domain,
      },
    });
  });

  it("keeps the scopes that it has where a program says no more about them", async () => {
    const { id, state } = await bench.create(CONNECTION, given);
    bench.tenant.take();
    const { scopes, ...rest } = options;
    const later = await bench.update(CONNECTION, id, state, {
      ...given,
      options: { ...rest, domain: "b.c" },
    });
    const sent = (bench.tenant.takeAll()[1]?.body as { options: Record<string, unknown> }).options;
    for (const scope of scopes) assert.equal(sent[scope], true, scope);
    assert.deepEqual((later["options"] as Record<string, unknown>)["scopes"], scopes.toSorted());
  });

  it("sends realms and authentication only when they change", async () => {
    const full = { ...given, realms: ["azure-ad"], authentication: { active: true } };
    const { id, state } = await bench.create(CONNECTION, full);
    bench.tenant.take();
    await bench.update(CONNECTION, id, state, { ...full, authentication: { active: false } });
    const patch = bench.tenant.takeAll()[1]?.body as Props;
    assert.deepEqual(patch["authentication"], { active: false });
    assert.ok(!("realms" in patch));
    await bench.update(CONNECTION, id, state, { ...full, realms: ["azure-ad", "more"] });
    const next = bench.tenant.takeAll()[1]?.body as Props;
    assert.deepEqual(next["realms"], ["azure-ad", "more"]);
    assert.ok(!("authentication" in next));
  });

  it("names the property where the tenant answers with another type", async () => {
    const { id } = await bench.create(CONNECTION, given);
    const stored = bench.tenant.connections.get(id)?.["options"] as Props;
    stored["max_groups_to_retrieve"] = 50;
    await assert.rejects(
      readResource(resourceType(CONNECTION), bench.api, id, {}, {}),
      /a number where maxGroupsToRetrieve is a string/,
    );
  });

  it("takes 404 as gone, at a read and at a delete", async () => {
    const type = resourceType(CONNECTION);
    assert.equal(await readResource(type, bench.api, "con_gone", {}, {}), undefined);
    await deleteResource(type, bench.api, "con_gone", {});
    assert.deepEqual(bench.tenant.take(), ["GET /connections/con_gone", "DELETE /connections/con_gone"]);
  });
});
