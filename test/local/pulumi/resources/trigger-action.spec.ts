import assert from "node:assert/strict";
import { deleteResource, readResource } from "../../../../local/pulumi/resources/lifecycle.ts";
import { resourceType } from "../../../../local/pulumi/resources/registry.ts";
import { errorAnswer } from "../fake-tenant.ts";
import { TRIGGER_ACTION, useBench } from "./support.ts";

describe("resources: TriggerAction", () => {
  const bench = useBench();
  beforeEach(() => {
    bench.tenant.bindings.clear();
  });

  const type = resourceType(TRIGGER_ACTION);
  const bindings = "/actions/triggers/post-login/bindings";
  const read = [`GET ${bindings}?page=0&per_page=100`, `GET ${bindings}?page=1&per_page=100`];
  const given = { trigger: "post-login", actionId: "ours", displayName: "Ours" };
  const entry = (action: string) => ({ action, display: action.toUpperCase() });
  const bound = (...actions: string[]) => bench.tenant.bindings.set("post-login", actions.map(entry));
  const names = () =>
    bench.tenant.bindings.get("post-login")?.map(({ action, display }) => [action, display]);

  it("appends itself to the list, and sends everybody else's entry back as it was", async () => {
    bound("a", "b");
    const { id, state } = await bench.create(TRIGGER_ACTION, given);
    const requests = bench.tenant.takeAll();
    assert.deepEqual(
      requests.map(({ method, path }) => `${method} ${path}`),
      [`GET ${bindings}?per_page=50`, `PATCH ${bindings}`, ...read],
    );
    assert.deepEqual(requests[1]?.body, {
      bindings: [
        { display_name: "A", ref: { type: "action_id", value: "a" } },
        { display_name: "B", ref: { type: "action_id", value: "b" } },
        { display_name: "Ours", ref: { type: "action_id", value: "ours" } },
      ],
    });
    assert.equal(id, "post-login::ours");
    assert.deepEqual(
      [state["actionId"], state["displayName"], state["trigger"]],
      ["ours", "Ours", "post-login"],
    );
  });

  it("writes nothing where it is bound already, and takes over the name that it has there", async () => {
    bound("a", "ours", "b");
    const { id, state } = await bench.create(TRIGGER_ACTION, given);
    assert.deepEqual(bench.tenant.take(), [`GET ${bindings}?per_page=50`, ...read]);
    assert.equal(id, "post-login::ours");
    assert.equal(state["displayName"], "OURS");
  });

  it("asks for the Action's name where it is given none", async () => {
    const path = "/actions/actions/ours";
    bench.tenant.override = (request) =>
      request.path === path ? { status: 200, body: { id: "ours", name: "Its name" } } : undefined;
    const { state } = await bench.create(TRIGGER_ACTION, { trigger: "post-login", actionId: "ours" });
    assert.deepEqual(bench.tenant.take().slice(0, 3), [
      `GET ${bindings}?per_page=50`,
      `GET ${path}`,
      `PATCH ${bindings}`,
    ]);
    assert.equal(state["displayName"], "Its name");
  });

  it("changes its name in its place", async () => {
    bound("a", "ours", "b");
    const { id, state } = await bench.create(TRIGGER_ACTION, given);
    bench.tenant.take();
    const after = await bench.update(TRIGGER_ACTION, id, state, { ...given, displayName: "New" });
    assert.deepEqual(bench.tenant.take(), [...read, `PATCH ${bindings}`, ...read]);
    assert.deepEqual(names(), [
      ["a", "A"],
      ["ours", "New"],
      ["b", "B"],
    ]);
    assert.equal(after["displayName"], "New");
  });

  it("is not bound anew by an update, which fails and writes nothing", async () => {
    const { id, state } = await bench.create(TRIGGER_ACTION, given);
    bound("a");
    bench.tenant.take();
    await assert.rejects(
      bench.update(TRIGGER_ACTION, id, state, { ...given, displayName: "New" }),
      /post-login::ours is not bound any more.*pulumi refresh/,
    );
    assert.deepEqual(bench.tenant.take(), read);
  });

  it("is gone for a refresh as soon as somebody else's list lacks it", async () => {
    const { id, state } = await bench.create(TRIGGER_ACTION, given);
    assert.equal((await readResource(type, bench.api, id, state, given))?.state["displayName"], "Ours");
    bound("a");
    assert.equal(await readResource(type, bench.api, id, state, given), undefined);
  });

  it("is imported by trigger and Action", async () => {
    bound("a", "ours");
    const found = await readResource(type, bench.api, "post-login::ours", {}, {});
    assert.deepEqual(found?.inputs, {
      __defaults: [],
      actionId: "ours",
      displayName: "OURS",
      trigger: "post-login",
    });
    await assert.rejects(readResource(type, bench.api, "ours", {}, {}), /<trigger>::<action_id>/);
  });

  it("takes itself out of the list at a delete, and leaves the others in their order", async () => {
    bound("a", "ours", "b");
    await deleteResource(type, bench.api, "post-login::ours", given);
    assert.deepEqual(bench.tenant.take(), [`GET ${bindings}?per_page=50`, `PATCH ${bindings}`]);
    assert.deepEqual(names(), [
      ["a", "A"],
      ["b", "B"],
    ]);
  });

  it("sends the others back, also where it is not among them any more", async () => {
    bound("a");
    await deleteResource(type, bench.api, "post-login::ours", given);
    assert.deepEqual(names(), [["a", "A"]]);
  });

  it("leaves an empty list where it was alone", async () => {
    bound("ours");
    await deleteResource(type, bench.api, "post-login::ours", given);
    assert.deepEqual(bench.tenant.takeAll().at(-1)?.body, { bindings: [] });
  });

  it("takes a 404 as gone, at a read and at a delete alone", async () => {
    bench.tenant.override = () => errorAnswer(404, "Not Found", "That trigger does not exist.");
    assert.equal(await readResource(type, bench.api, "post-login::ours", {}, {}), undefined);
    await deleteResource(type, bench.api, "post-login::ours", given);
    await assert.rejects(bench.create(TRIGGER_ACTION, given), /404 Not Found/);
  });
});
