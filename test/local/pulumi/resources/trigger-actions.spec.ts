import assert from "node:assert/strict";
import { deleteResource, readResource } from "../../../../local/pulumi/resources/lifecycle.ts";
import { resourceType } from "../../../../local/pulumi/resources/registry.ts";
import { errorAnswer } from "../fake-tenant.ts";
import { TRIGGER, useBench } from "./support.ts";

describe("resources: TriggerActions", () => {
  const bench = useBench();

  const bindings = "/actions/triggers/post-login/bindings";
  const actions = [
    { id: "first", displayName: "One" },
    { id: "second", displayName: "Two" },
  ];

  it("binds the list in its order, and reads pages until the tenant has no more", async () => {
    const { id, state } = await bench.create(TRIGGER, { trigger: "post-login", actions });
    const requests = bench.tenant.takeAll();
    assert.deepEqual(
      requests.map(({ method, path }) => `${method} ${path}`),
      [`PATCH ${bindings}`, `GET ${bindings}?page=0&per_page=100`, `GET ${bindings}?page=1&per_page=100`],
    );
    assert.deepEqual(requests[0]?.body, {
      bindings: [
        { display_name: "One", ref: { type: "action_id", value: "first" } },
        { display_name: "Two", ref: { type: "action_id", value: "second" } },
      ],
    });
    assert.equal(id, "post-login");
    assert.deepEqual(state["actions"], [
      { displayName: "One", id: "first" },
      { displayName: "Two", id: "second" },
    ]);
  });

  it("asks for no second page where the first says that it is all", async () => {
    bench.tenant.override = ({ method }) =>
      method === "GET" ? { status: 200, body: { bindings: [], total: 2, start: 0, limit: 100 } } : undefined;
    await bench.create(TRIGGER, { trigger: "post-login", actions });
    bench.tenant.override = undefined;
    assert.equal(bench.tenant.take().length, 2);
  });

  it("overwrites the list at an update and empties it at a delete", async () => {
    const { id, state } = await bench.create(TRIGGER, { trigger: "post-login", actions });
    bench.tenant.take();
    await bench.update(TRIGGER, id, state, { trigger: "post-login", actions: actions.slice(1) });
    await deleteResource(resourceType(TRIGGER), bench.api, id, state);
    const bodies = bench.tenant.takeAll().filter(({ method }) => method === "PATCH");
    assert.deepEqual(bodies.at(0)?.body, {
      bindings: [{ display_name: "Two", ref: { type: "action_id", value: "second" } }],
    });
    assert.deepEqual(bodies.at(1)?.body, { bindings: [] });
  });

  it("fails where an Action of the list is gone, and takes only a delete's 404 as done", async () => {
    const { id, state } = await bench.create(TRIGGER, { trigger: "post-login", actions });
    bench.tenant.override = ({ method }) =>
      method === "PATCH" ? errorAnswer(404, "Not Found", "That action does not exist.") : undefined;
    const given = { trigger: "post-login", actions: [{ id: "gone", displayName: "Gone" }] };
    await assert.rejects(bench.create(TRIGGER, given), /404 Not Found: That action does not exist/);
    await assert.rejects(bench.update(TRIGGER, id, state, given), /404 Not Found/);
    await deleteResource(resourceType(TRIGGER), bench.api, id, state);
  });

  it("is gone where the tenant has no such trigger", async () => {
    bench.tenant.override = () => errorAnswer(404, "Not Found", "That trigger does not exist.");
    assert.equal(await readResource(resourceType(TRIGGER), bench.api, "post-logout", {}, {}), undefined);
  });

  it("sends an empty list of the program's as null, as the plugin does", async () => {
    await bench.create(TRIGGER, { trigger: "post-login", actions: [] });
    assert.deepEqual(bench.tenant.takeAll()[0]?.body, { bindings: null });
  });
});
