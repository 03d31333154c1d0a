import assert from "node:assert/strict";
import type { Action, ActionVersion, Bindings, Page } from "../support/answers.ts";
import { maker } from "../support/maker.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

const CODE = "exports.onExecutePostLogin = async () => {};";
const TRIGGERS = [{ id: "post-login", version: "v3" }];

describe("Actions", () => {
  const test = perSuite(() => startTestTenant());
  const create = maker<Action>(test, "/actions/actions", (number) => ({
    name: `Action ${number}`,
    supported_triggers: TRIGGERS,
    code: CODE,
  }));

  const deploy = (id: string) => test.api<ActionVersion>("POST", `/actions/actions/${id}/deploy`);
  const read = async (id: string) => (await test.api<Action>("GET", `/actions/actions/${id}`)).body;

  it("is pending in the answer to its creation and built when it is read", async () => {
    const made = await create();
    assert.equal(made.status, "pending");
    assert.equal(made.runtime, "node22");
    assert.equal((await read(made.id)).status, "built");
  });

  it("never answers the value of a secret, and keeps a value that an update does not repeat", async () => {
    const made = await create({ secrets: [{ name: "A", value: "hush" }] });
    const changed = await test.api<Action>("PATCH", `/actions/actions/${made.id}`, {
      secrets: [{ name: "A" }, { name: "B", value: "quiet" }],
    });
    assert.deepEqual(
      changed.body.secrets.map((secret) => Object.keys(secret)),
      [
        ["name", "updated_at"],
        ["name", "updated_at"],
      ],
    );
    const kept = test.tenant.context.store.tables.actions.get(made.id)?.secrets.map(({ value }) => value);
    assert.deepEqual(kept, ["hush", "quiet"]);
  });

  it("replaces the deployed version within the deploy call", async () => {
    const made = await create();
    const first = await deploy(made.id);
    assert.equal(first.status, 200);
    assert.equal(first.body.deployed, false);
    assert.deepEqual(Object.keys(first.body).includes("built_at"), false);
    await test.api("PATCH", `/actions/actions/${made.id}`, { code: `${CODE}\n` });
    const between = await read(made.id);
    assert.equal(between.deployed_version?.id, first.body.id);
    assert.equal(between.all_changes_deployed, false);
    const second = await deploy(made.id);
    const after = await read(made.id);
    assert.equal(after.deployed_version?.id, second.body.id);
    assert.equal(after.deployed_version?.number, 2);
    assert.equal(after.deployed_version?.deployed, true);
    assert.equal(after.all_changes_deployed, true);
  });

  it("keeps what was deployed apart from the draft", async () => {
    const made = await create();
    await deploy(made.id);
    await test.api("PATCH", `/actions/actions/${made.id}`, { code: "changed" });
    const action = await read(made.id);
    assert.equal(action.code, "changed");
    assert.equal(action.deployed_version?.code, CODE);
  });

  it("deploys an old version again as a new one", async () => {
    const made = await create();
    const first = (await deploy(made.id)).body;
    await test.api("PATCH", `/actions/actions/${made.id}`, { code: "second" });
    await deploy(made.id);
    const path = `/actions/actions/${made.id}/versions`;
    const again = await test.api<ActionVersion>("POST", `${path}/${first.id}/deploy`);
    assert.equal(again.status, 200);
    assert.equal(again.body.number, 3);
    const { versions } = (await test.api<{ versions: ActionVersion[] }>("GET", path)).body;
    assert.deepEqual(
      versions.map((version) => [version.number, version.deployed]),
      [
        [3, true],
        [2, false],
        [1, false],
      ],
    );
    const action = await read(made.id);
    assert.equal(action.deployed_version?.code, CODE);
    assert.equal(action.code, "second");
  });

  it("fails the build of a dependency that has no package name, and refuses to deploy it", async () => {
    const made = await create({ dependencies: [{ name: "no such/../name", version: "1.0.0" }] });
    const action = await read(made.id);
    assert.equal(action.status, "failed");
    assert.match(String(action.errors?.[0]?.msg), /no such/);
    assert.equal((await deploy(made.id)).status, 400);
  });

  it("finds Actions by name, trigger and deployment", async () => {
    const made = await create({
      name: "Wanted",
      supported_triggers: [{ id: "credentials-exchange", version: "v2" }],
    });
    const byName = await test.api<Page & { actions: Action[] }>("GET", "/actions/actions?actionName=Wanted");
    assert.deepEqual(
      byName.body.actions.map((action) => action.id),
      [made.id],
    );
    assert.equal(byName.body.total, 1);
    const byTrigger = await test.api("GET", "/actions/actions?triggerId=credentials-exchange&deployed=true");
    assert.deepEqual(byTrigger.body, { actions: [], per_page: 20 });
  });

  it("may share its name with another, as two stacks on one tenant do: its id tells them apart", async () => {
    const made = await create();
    const twin = await test.api<Action>("POST", "/actions/actions", {
      name: made.name,
      supported_triggers: TRIGGERS,
    });
    assert.equal(twin.status, 201);
    assert.notEqual(twin.body.id, made.id);
  });

  it("is deleted while it is bound only by force, which unbinds it", async () => {
    const made = await create();
    await deploy(made.id);
    const bindings = [{ display_name: "x", ref: { type: "action_id", value: made.id } }];
    await test.api("PATCH", "/actions/triggers/post-login/bindings", { bindings });
    const refused = await test.api("DELETE", `/actions/actions/${made.id}`);
    assert.equal(refused.status, 409);
    assert.equal(refused.body.message, "Unable to delete an action bound to a trigger.");
    assert.equal((await test.api("DELETE", `/actions/actions/${made.id}?force=true`)).status, 204);
    const left = await test.api<Bindings>("GET", "/actions/triggers/post-login/bindings");
    assert.deepEqual(left.body.bindings, []);
    assert.deepEqual(
      test.tenant.context.store.tables.actionVersions.list((row) => row.action_id === made.id),
      [],
    );
  });

  it("says that an unknown Action does not exist, without an error code", async () => {
    const answer = await test.api("GET", "/actions/actions/00000000-0000-4000-8000-000000000000");
    assert.deepEqual(answer.body, {
      statusCode: 404,
      error: "Not Found",
      message: "That action does not exist.",
    });
  });
});
