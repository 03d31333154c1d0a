import assert from "node:assert/strict";
import { deleteResource, PartialCreate, readResource } from "../../../../local/pulumi/resources/lifecycle.ts";
import { resourceType } from "../../../../local/pulumi/resources/registry.ts";
import { reveal, secret } from "../../../../local/pulumi/resources/values.ts";
import { errorAnswer } from "../fake-tenant.ts";
import { ACTION, useBench } from "./support.ts";

describe("resources: Action", () => {
  const bench = useBench();

  const given = {
    name: "enrich",
    code: "exports.onExecutePostLogin = async () => {};",
    runtime: "node22",
    deploy: true,
    supportedTriggers: { id: "post-login", version: "v3" },
    dependencies: [
      { name: "zod", version: "4.0.0" },
      { name: "auth0", version: "7.1.0" },
    ],
    secrets: [
      { name: "TENANT", value: "localhost:1" },
      { name: "APP_CLIENT_SECRET", value: secret("hush") },
    ],
  };

  it("creates, waits for the build, deploys, waits for the deployment, and reads", async () => {
    const { id, state } = await bench.create(ACTION, given);
    const requests = bench.tenant.takeAll();
    assert.deepEqual(
      requests.map(({ method, path }) => `${method} ${path}`),
      [
        "POST /actions/actions",
        `GET /actions/actions/${id}`,
        `POST /actions/actions/${id}/deploy`,
        `GET /actions/actions/${id}`,
        `GET /actions/actions/${id}`,
      ],
    );
    assert.deepEqual(requests[0]?.body, {
      name: "enrich",
      code: given.code,
      runtime: "node22",
      supported_triggers: [{ id: "post-login", version: "v3" }],
      dependencies: [
        { name: "auth0", version: "7.1.0" },
        { name: "zod", version: "4.0.0" },
      ],
      secrets: [
        { name: "APP_CLIENT_SECRET", value: "hush" },
        { name: "TENANT", value: "localhost:1" },
      ],
    });
    assert.equal(requests[2]?.body, undefined);
    const deployed = bench.tenant.actions.get(id)?.["deployed_version"] as { id: string };
    assert.equal(state["versionId"], deployed.id);
  });

  it("polls while the build is pending and while the deployment is not through", async () => {
    let builds = 0;
    let reads = 0;
    bench.tenant.override = ({ method }) => {
      if (method !== "GET") return undefined;
      reads += 1;
      if (reads <= 2) return { status: 200, body: { status: ["pending", "building"][builds++] } };
      return reads === 4
        ? { status: 200, body: { deployed_version: { id: "v", deployed: false } } }
        : undefined;
    };
    const { id } = await bench.create(ACTION, given);
    const path = `/actions/actions/${id}`;
    assert.deepEqual(bench.tenant.take().slice(1), [
      ...[`GET ${path}`, `GET ${path}`, `GET ${path}`],
      `POST ${path}/deploy`,
      ...[`GET ${path}`, `GET ${path}`, `GET ${path}`],
    ]);
  });

  it("keeps secret values in the state, wrapped, though the tenant never gives them back", async () => {
    const { id, state, inputs } = await bench.create(ACTION, given);
    assert.ok(!JSON.stringify(bench.tenant.actions.get(id)).includes("hush"));
    const read = await readResource(resourceType(ACTION), bench.api, id, state, inputs);
    assert.deepEqual(reveal(read?.state["secrets"]), [
      { name: "APP_CLIENT_SECRET", value: "hush" },
      { name: "TENANT", value: "localhost:1" },
    ]);
    assert.deepEqual(read?.state["secrets"], state["secrets"]);
    assert.deepEqual(state["secrets"], secret((state["secrets"] as { value: unknown }).value));
  });

  it("sends no lists at an update that leaves them as they are, and deploys again", async () => {
    const { id, state } = await bench.create(ACTION, given);
    bench.tenant.take();
    const updated = await bench.update(ACTION, id, state, { ...given, code: "// new" });
    const requests = bench.tenant.takeAll();
    assert.deepEqual(requests[0]?.body, {
      name: "enrich",
      code: "// new",
      runtime: "node22",
      supported_triggers: [{ id: "post-login", version: "v3" }],
    });
    assert.equal(requests[2]?.path, `/actions/actions/${id}/deploy`);
    assert.notEqual(updated["versionId"], state["versionId"]);
  });

  it("looks at the tenant's secrets before it sends new ones, and clears a list with []", async () => {
    const { id, state } = await bench.create(ACTION, given);
    bench.tenant.take();
    await bench.update(ACTION, id, state, { ...given, secrets: [], dependencies: [] });
    const [guard, patch] = bench.tenant.takeAll();
    assert.equal(guard?.method, "GET");
    assert.deepEqual((patch?.body as { secrets: unknown }).secrets, []);
    assert.deepEqual((patch?.body as { dependencies: unknown }).dependencies, []);
  });

  it("refuses to delete a secret that somebody else has added", async () => {
    const { id, state } = await bench.create(ACTION, given);
    const there = bench.tenant.actions.get(id)?.["secrets"] as unknown[];
    there.push({ name: "THEIRS" });
    bench.tenant.take();
    await assert.rejects(
      bench.update(ACTION, id, state, { ...given, secrets: [{ name: "TENANT", value: "new" }] }),
      /Unmanaged Action Secret: .*THEIRS/,
    );
    assert.deepEqual(bench.tenant.take(), [`GET /actions/actions/${id}`]);
  });

  it("leaves an Action that could not be deployed in the state, with its id", async () => {
    bench.tenant.override = ({ path }) =>
      path.endsWith("/deploy") ? errorAnswer(400, "Bad Request", "no deployment today") : undefined;
    const error = await bench.create(ACTION, given).catch((caught: unknown) => caught);
    assert.ok(error instanceof PartialCreate);
    assert.match(error.message, /^400 Bad Request: no deployment today$/);
    assert.ok(bench.tenant.actions.has(error.id));
    assert.ok(!error.message.includes("hush"));
  });

  it("stops at a build that failed", async () => {
    bench.tenant.override = ({ method }) =>
      method === "GET" ? { status: 200, body: { status: "failed" } } : undefined;
    await assert.rejects(bench.create(ACTION, given), /Action "enrich" failed to build/);
  });

  it("has no version before it is deployed, and keeps the last one when it is deployed no more", async () => {
    const { id, state } = await bench.create(ACTION, { ...given, deploy: false });
    assert.equal(state["versionId"], null);
    const deployed = await bench.update(ACTION, id, state, given);
    assert.match(String(deployed["versionId"]), /^[0-9a-f-]{36}$/);
    const read = await readResource(resourceType(ACTION), bench.api, id, {}, {});
    assert.equal(read?.state["deploy"], null, "an import cannot know it");
  });

  it("sends node18 under the tenant's name for it and reads it back under ours", async () => {
    const { id, state } = await bench.create(ACTION, { ...given, deploy: false, runtime: "node18" });
    assert.equal(bench.tenant.actions.get(id)?.["runtime"], "node18-actions");
    assert.equal(state["runtime"], "node18");
  });

  it("takes 404 as gone, at a read and at a delete", async () => {
    const type = resourceType(ACTION);
    assert.equal(await readResource(type, bench.api, "gone", {}, {}), undefined);
    await deleteResource(type, bench.api, "gone", {});
    assert.deepEqual(bench.tenant.take(), ["GET /actions/actions/gone", "DELETE /actions/actions/gone"]);
  });
});
