import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServiceError } from "@grpc/grpc-js";
import { credentials, status } from "@grpc/grpc-js";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import service from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import type * as Provider from "@pulumi/pulumi/proto/provider_pb.js";
import rpcStatus from "@pulumi/pulumi/proto/status_pb.js";
import type { StandInProvider } from "../../../../local/pulumi/provider/start.ts";
import { startStandIn } from "../../../../local/pulumi/provider/start.ts";
import type { Props } from "../../../../local/pulumi/resources/values.ts";
import { isSecret, secret, UNKNOWN } from "../../../../local/pulumi/resources/values.ts";
import { FakeTenant, errorAnswer } from "../fake-tenant.ts";

const CLIENT_URN = "urn:pulumi:dev::p::workforce-sso:index:Application$auth0:index/client:Client::portal";
const CREDENTIALS_URN = "urn:pulumi:dev::p::auth0:index/clientCredentials:ClientCredentials::portal";

describe("stand-in provider, over gRPC", () => {
  let tenant: FakeTenant;
  let standIn: StandInProvider;
  let client: InstanceType<typeof service.ResourceProviderClient>;
  let folder: string;

  before(async () => {
    tenant = await FakeTenant.start();
    folder = mkdtempSync(join(tmpdir(), "provider-"));
    writeFileSync(join(folder, "ca.pem"), tenant.ca);
    standIn = await startStandIn({
      PATH: process.env["PATH"],
      SSL_CERT_FILE: join(folder, "ca.pem"),
      AUTH0_DOMAIN: tenant.domain,
      AUTH0_CLIENT_ID: "deployer",
      AUTH0_CLIENT_SECRET: "deployer-secret",
    });
    client = new service.ResourceProviderClient(`127.0.0.1:${standIn.port}`, credentials.createInsecure());
  });
  after(async () => {
    client.close();
    standIn.close();
    await tenant.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    tenant.override = undefined;
    await configure({});
    tenant.take();
  });

  /** One unary call, with a deadline. */
  function ask<Response>(
    send: (callback: (error: ServiceError | null, response: Response) => void) => unknown,
  ) {
    return new Promise<Response>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("no answer within 15 s")), 15_000);
      send((error, response) => {
        clearTimeout(timer);
        if (error === null) resolve(response);
        else reject(error);
      });
    });
  }

  function configure(args: Props): Promise<Provider.ConfigureResponse> {
    const request = new provider.ConfigureRequest().setArgs(structOf(args));
    return ask((done) => client.configure(request, done));
  }

  function create(urn: string, inputs: Props, preview = false): Promise<Provider.CreateResponse> {
    const request = new provider.CreateRequest()
      .setUrn(urn)
      .setProperties(structOf(inputs))
      .setPreview(preview);
    return ask((done) => client.create(request, done));
  }

  const inputs = { __defaults: [], name: "portal", appType: "regular_web", description: "d" };

  it("tells the engine in which environment variable it is to be found", () => {
    assert.deepEqual(standIn.environment, { PULUMI_DEBUG_PROVIDERS: `auth0:${standIn.port}` });
  });

  it("says that it takes secrets and previews, and sends no request for it", async () => {
    const response = await configure({});
    assert.ok(response.getAcceptsecrets() && response.getSupportspreview());
    const info = await ask<PluginInfo>((done) => client.getPluginInfo(new empty.Empty(), done));
    assert.equal(info.getVersion(), "3.49.0");
    assert.deepEqual(tenant.take(), []);
  });

  it("leaves the operations that it has no use for unimplemented", async () => {
    await assert.rejects(
      ask<Provider.CheckResponse>((done) => client.checkConfig(new provider.CheckRequest(), done)),
      {
        code: status.UNIMPLEMENTED,
      },
    );
  });

  it("refuses a domain that is elsewhere, before any request", async () => {
    await assert.rejects(
      configure({ domain: "xyz.eu.auth0.com" }),
      /deploys to a tenant on this machine only/,
    );
  });

  it("refuses a setting that it does not know rather than overlook it", async () => {
    await assert.rejects(configure({ apiToken: secret("t0ken") }), (error: Error) => {
      assert.match(error.message, /auth0:apiToken is not known/);
      assert.ok(!error.message.includes("t0ken"));
      return true;
    });
  });

  it("names each faulty input", async () => {
    const news = structOf({ name: "portal", callbacks: "x", colour: "red" });
    const response = await ask<Provider.CheckResponse>((done) =>
      client.check(new provider.CheckRequest().setUrn(CLIENT_URN).setNews(news), done),
    );
    const failures = response.getFailuresList().map((failure) => failure.getProperty());
    assert.deepEqual(failures, ["callbacks", "colour"]);
  });

  it("previews a create without a request, and leaves open what the tenant chooses", async () => {
    const response = await create(CLIENT_URN, inputs, true);
    const planned = propsOf(response.getProperties());
    assert.equal(response.getId(), "");
    assert.deepEqual([planned["name"], planned["clientId"]], ["portal", UNKNOWN]);
    assert.deepEqual(tenant.take(), []);
  });

  it("creates, reads, updates and deletes", async () => {
    const made = await create(CLIENT_URN, inputs);
    const id = made.getId();
    const changed = { ...inputs, callbacks: ["https://a/cb"] };
    const preview = new provider.UpdateRequest().setUrn(CLIENT_URN).setId(id).setPreview(true);
    preview.setOlds(made.getProperties()).setNews(structOf(changed));
    const planned = propsOf(
      (await ask<Provider.UpdateResponse>((done) => client.update(preview, done))).getProperties(),
    );
    assert.deepEqual([planned["callbacks"], planned["clientId"]], [["https://a/cb"], id]);

    const update = preview.clone().setPreview(false);
    const updated = (
      await ask<Provider.UpdateResponse>((done) => client.update(update, done))
    ).getProperties();
    assert.deepEqual(propsOf(updated)["callbacks"], ["https://a/cb"]);

    const read = new provider.ReadRequest().setUrn(CLIENT_URN).setId(id);
    read.setProperties(updated).setInputs(structOf(changed));
    const found = await ask<Provider.ReadResponse>((done) => client.read(read, done));
    assert.equal(found.getId(), id);
    assert.deepEqual(propsOf(found.getInputs())["callbacks"], ["https://a/cb"]);

    const gone = new provider.DeleteRequest().setUrn(CLIENT_URN).setId(id).setProperties(updated);
    await ask<Empty>((done) => client.delete(gone, done));
    assert.equal((await ask<Provider.ReadResponse>((done) => client.read(read, done))).getId(), "");
    assert.deepEqual(
      tenant.take().map((line) => line.split(" ")[0]),
      ["POST", "GET", "PATCH", "GET", "GET", "DELETE", "GET"],
    );
  });

  it("gives secrets back wrapped", async () => {
    const clientId = (await create(CLIENT_URN, inputs)).getId();
    const clientSecret = secret("chosen");
    const given = { clientId, authenticationMethod: "client_secret_post", clientSecret };
    const outputs = propsOf((await create(CREDENTIALS_URN, given)).getProperties());
    assert.deepEqual(outputs["clientSecret"], clientSecret);
    assert.ok(isSecret(outputs["clientSecretWo"]));
  });

  it("tells what differs, what replaces, and that the name is in the way", async () => {
    const olds = structOf({ name: "portal", jwtConfiguration: { secretEncoded: false } });
    const news = structOf({ ...inputs, jwtConfiguration: { secretEncoded: true } });
    const request = new provider.DiffRequest().setUrn(CLIENT_URN).setOlds(olds).setNews(news);
    const response = await ask<Provider.DiffResponse>((done) => client.diff(request, done));
    assert.deepEqual(response.getReplacesList(), ["jwtConfiguration"]);
    assert.ok(response.getDeletebeforereplace() && response.getHasdetaileddiff());
    const kind = response.getDetaileddiffMap().get("jwtConfiguration.secretEncoded")?.getKind();
    assert.equal(kind, provider.PropertyDiff.Kind.UPDATE_REPLACE);
  });

  it("names each element that differs, and the property that it belongs to once", async () => {
    const olds = structOf({ name: "portal", callbacks: ["a", "b"] });
    const news = structOf({ ...inputs, callbacks: ["b", "c"] });
    const request = new provider.DiffRequest().setUrn(CLIENT_URN).setOlds(olds).setNews(news);
    const response = await ask<Provider.DiffResponse>((done) => client.diff(request, done));
    assert.deepEqual(
      response.getDiffsList().filter((name) => name.startsWith("callbacks")),
      ["callbacks"],
    );
    const places = [...response.getDetaileddiffMap().keys()].filter((path) => path.startsWith("callbacks"));
    assert.deepEqual(places.toSorted(), ["callbacks[0]", "callbacks[1]"]);
  });

  it("hands a resource over that was made but not finished", async () => {
    tenant.override = ({ method }) =>
      method === "GET" ? errorAnswer(403, "Forbidden", "no scope") : undefined;
    const error = await create(CLIENT_URN, inputs).then(
      () => assert.fail("it was made"),
      (caught: ServiceError) => caught,
    );
    assert.equal(error.details, "403 Forbidden: no scope");
    const [packed] = error.metadata.get("grpc-status-details-bin");
    assert.ok(packed instanceof Buffer);
    const detail = rpcStatus.Status.deserializeBinary(packed).getDetailsList()[0];
    const failed = provider.ErrorResourceInitFailed.deserializeBinary(
      detail?.getValue_asU8() ?? new Uint8Array(),
    );
    assert.ok(tenant.clients.has(failed.getId()));
    assert.deepEqual(failed.getReasonsList(), ["403 Forbidden: no scope"]);
  });

  it("ends its waits when the engine cancels, and works again once configured anew", async () => {
    const waiting = new Promise<void>((resolve) => {
      tenant.override = () => {
        resolve();
        return {
          ...errorAnswer(429, "Too Many Requests", "slow"),
          headers: { "x-ratelimit-reset": String(2 ** 40) },
        };
      };
    });
    const creation = assert.rejects(create(CLIENT_URN, inputs), /cancel|abort/i);
    await waiting;
    await ask<Empty>((done) => client.cancel(new empty.Empty(), done));
    await creation;
    tenant.override = undefined;
    await configure({});
    assert.notEqual((await create(CLIENT_URN, inputs)).getId(), "");
  });
});

function structOf(props: Props): Struct {
  // SAFETY: property maps hold JSON alone, which is what the parameter's type stands for.
  return struct.Struct.fromJavaScript(props as Parameters<typeof struct.Struct.fromJavaScript>[0]);
}

function propsOf(message: Struct | undefined): Props {
  return message?.toJavaScript() ?? {};
}
