import assert from "node:assert/strict";
import { deleteResource, PartialCreate, readResource } from "../../../../local/pulumi/resources/lifecycle.ts";
import { resourceType } from "../../../../local/pulumi/resources/registry.ts";
import { errorAnswer } from "../fake-tenant.ts";
import { CLIENT, useBench } from "./support.ts";

describe("resources: Client", () => {
  const bench = useBench();

  const portal = {
    name: "portal",
    appType: "regular_web",
    callbacks: ["https://b/cb", "https://a/cb"],
    webOrigins: [],
    oidcConformant: true,
    crossOriginAuth: false,
    sso: true,
    jwtConfiguration: { alg: "RS256", lifetimeInSeconds: 3600 },
    refreshToken: { rotationType: "rotating", expirationType: "expiring", leeway: 0 },
    clientMetadata: { a: "1", b: "2" },
  };

  it("creates with the method of its type and the plugin's description, and reads", async () => {
    const { id } = await bench.create(CLIENT, portal);
    const requests = bench.tenant.takeAll();
    assert.deepEqual(
      requests.map(({ method, path }) => `${method} ${path}`),
      ["POST /clients", `GET /clients/${id}`],
    );
    assert.deepEqual(requests[0]?.body, {
      name: "portal",
      description: "Managed by Pulumi",
      app_type: "regular_web",
      callbacks: ["https://b/cb", "https://a/cb"],
      web_origins: [],
      oidc_conformant: true,
      cross_origin_authentication: false,
      sso: true,
      jwt_configuration: { alg: "RS256", lifetime_in_seconds: 3600 },
      refresh_token: { rotation_type: "rotating", expiration_type: "expiring", leeway: 0 },
      client_metadata: { a: "1", b: "2" },
      token_endpoint_auth_method: "client_secret_post",
    });
  });

  it("sends no empty metadata and token settings, as the plugin does", async () => {
    await bench.create(CLIENT, { ...portal, clientMetadata: {}, jwtConfiguration: {} });
    const sent = Object.keys(bench.tenant.takeAll()[0]?.body as object);
    assert.deepEqual(
      sent.filter((key) => key === "client_metadata" || key === "jwt_configuration"),
      [],
    );
  });

  it("gives public clients no secret, and untyped ones no method", async () => {
    const methods = [];
    for (const given of [
      { appType: "spa" },
      { appType: "native" },
      {},
      { isTokenEndpointIpHeaderTrusted: false },
    ]) {
      await bench.create(CLIENT, { name: "x", ...given });
      methods.push(
        (bench.tenant.takeAll()[0]?.body as Record<string, unknown>)["token_endpoint_auth_method"],
      );
    }
    assert.deepEqual(methods, ["none", "none", undefined, "client_secret_post"]);
  });

  it("sends every input again at an update, but those that are sent by their difference", async () => {
    const { id, state } = await bench.create(CLIENT, portal);
    bench.tenant.take();
    await bench.update(CLIENT, id, state, { ...portal, callbacks: [], clientMetadata: { a: "new" } });
    const [patch, read, ...others] = bench.tenant.takeAll();
    assert.equal(`${patch?.method} ${patch?.path}`, `PATCH /clients/${id}`);
    assert.deepEqual(patch?.body, {
      name: "portal",
      description: "Managed by Pulumi",
      app_type: "regular_web",
      callbacks: [],
      web_origins: [],
      oidc_conformant: true,
      cross_origin_authentication: false,
      jwt_configuration: { alg: "RS256" },
      refresh_token: { rotation_type: "rotating", expiration_type: "expiring", leeway: 0 },
      client_metadata: { a: "new", b: null },
    });
    assert.equal(read?.method, "GET");
    assert.deepEqual(others, []);
  });

  it("sends a changed lifetime and a changed single sign-on", async () => {
    const { id, state } = await bench.create(CLIENT, portal);
    bench.tenant.take();
    const jwtConfiguration = { alg: "RS256", lifetimeInSeconds: 60 };
    await bench.update(CLIENT, id, state, { ...portal, sso: false, jwtConfiguration });
    const body = bench.tenant.takeAll()[0]?.body as Record<string, unknown>;
    assert.equal(body["sso"], false);
    assert.deepEqual(body["jwt_configuration"], { alg: "RS256", lifetime_in_seconds: 60 });
  });

  it("is no orphan when the read after its creation fails", async () => {
    bench.tenant.override = ({ method }) =>
      method === "GET" ? errorAnswer(403, "Forbidden", "no scope") : undefined;
    const error = await bench.create(CLIENT, portal).catch((caught: unknown) => caught);
    assert.ok(error instanceof PartialCreate);
    assert.ok(bench.tenant.clients.has(error.id));
    const { id, name, webOrigins, callbacks, ssoDisabled, __pulumi_raw_state_delta: delta } = error.state;
    assert.deepEqual(
      { id, name, webOrigins, callbacks, ssoDisabled },
      { id: error.id, name: "portal", webOrigins: [], callbacks: portal.callbacks, ssoDisabled: null },
    );
    assert.ok(typeof delta === "object", "the plugin can go on with it");
    assert.ok(!("__defaults" in error.state));
  });

  it("shows in its refreshed inputs what was in them, and in its state what came to it", async () => {
    const { id, state, inputs } = await bench.create(CLIENT, { ...portal, callbacks: ["https://a/cb"] });
    const there = bench.tenant.clients.get(id);
    Object.assign(there ?? {}, {
      callbacks: ["https://evil/cb", "https://a/cb"],
      client_metadata: { a: "1", c: "3" },
    });
    const read = await readResource(resourceType(CLIENT), bench.api, id, state, inputs);
    assert.deepEqual(read?.state["callbacks"], ["https://evil/cb", "https://a/cb"]);
    assert.deepEqual(read.inputs["callbacks"], ["https://evil/cb"]);
    assert.deepEqual(read.state["clientMetadata"], { a: "1", c: "3" });
    assert.deepEqual(read.inputs["clientMetadata"], { a: "1" });
  });

  it("takes 404 as gone, at a read and at a delete", async () => {
    const type = resourceType(CLIENT);
    assert.equal(await readResource(type, bench.api, "gone", { id: "gone" }, {}), undefined);
    await deleteResource(type, bench.api, "gone", {});
    assert.deepEqual(bench.tenant.take(), ["GET /clients/gone", "DELETE /clients/gone"]);
  });

  it("looks twice at an import, and gives every input that is not empty", async () => {
    const { id } = await bench.create(CLIENT, { ...portal, logoUri: "https://a/logo" });
    bench.tenant.take();
    const read = await readResource(resourceType(CLIENT), bench.api, id, {}, {});
    assert.deepEqual(bench.tenant.take(), [`GET /clients/${id}`, `GET /clients/${id}`]);
    const inputs = read?.inputs ?? {};
    assert.deepEqual([inputs["name"], inputs["logoUri"], inputs["sso"]], ["portal", "https://a/logo", true]);
    assert.deepEqual(inputs["jwtConfiguration"], { __defaults: [], alg: "RS256", lifetimeInSeconds: 3600 });
    assert.ok(!("ssoDisabled" in inputs) && !("clientId" in inputs) && !("signingKeys" in inputs));
  });

  it("fails an update of a client that is gone, with the tenant's words", async () => {
    await assert.rejects(
      bench.update(CLIENT, "gone", {}, portal),
      /^ManagementApiError: 404 Not Found: The client does not exist$/,
    );
  });

  it("does not import a client that a metadata document describes", async () => {
    const { id } = await bench.create(CLIENT, portal);
    const client = bench.tenant.clients.get(id);
    assert.ok(client);
    client["external_metadata_type"] = "cimd";
    await assert.rejects(readResource(resourceType(CLIENT), bench.api, id, {}, {}), /metadata document/);
  });
});
