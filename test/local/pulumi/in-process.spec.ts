import assert from "node:assert/strict";
import * as auth0 from "@pulumi/auth0";
import * as pulumi from "@pulumi/pulumi";
import type { InProcessOptions, InProcessResult } from "../../../local/pulumi/in-process.ts";
import { deployInProcess } from "../../../local/pulumi/in-process.ts";
import { FakeTenant, errorAnswer } from "./fake-tenant.ts";

describe("deployment in process", () => {
  let tenant: FakeTenant;
  beforeEach(async () => (tenant = await FakeTenant.start()));
  afterEach(() => tenant.close());

  function deploy(
    program: InProcessOptions["program"],
    change: Partial<InProcessOptions> = {},
  ): Promise<InProcessResult> {
    const access = {
      domain: tenant.domain,
      clientId: "deployer",
      clientSecret: "deployer-secret",
      ca: tenant.ca,
    };
    return deployInProcess({ program, config: {}, tenant: access, ...change });
  }

  async function machine(): Promise<Record<string, unknown>> {
    const client = new auth0.Client("m2m", { name: "m2m", appType: "non_interactive" });
    const credentials = new auth0.ClientCredentials("m2m", {
      clientId: client.clientId,
      authenticationMethod: "client_secret_post",
    });
    const action = new auth0.Action("enrich", {
      name: "enrich",
      code: "// code",
      deploy: true,
      supportedTriggers: { id: "post-login", version: "v3" },
      secrets: [{ name: "APP_CLIENT_SECRET", value: credentials.clientSecret }],
    });
    new auth0.TriggerActions("post-login", {
      trigger: "post-login",
      actions: [{ id: action.id, displayName: "Enrich" }],
    });
    return Promise.resolve({
      actionId: action.id,
      secrets: { m2m: credentials.clientSecret },
      plain: "text",
      absent: undefined,
    });
  }

  it("makes the program's resources on the tenant, each after what it depends on", async () => {
    const { outputs, changes } = await deploy(machine);
    const [client] = tenant.clients.values();
    const [actionId] = tenant.actions.keys();
    assert.deepEqual(changes, { create: 4 });
    assert.deepEqual(outputs, {
      actionId,
      secrets: { m2m: client?.["client_secret"] },
      plain: "text",
      absent: undefined,
    });
    assert.deepEqual(tenant.bindings.get("post-login"), [{ action: actionId, display: "Enrich" }]);
    const sent = tenant.takeAll().find(({ path }) => path === "/actions/actions");
    assert.deepEqual((sent?.body as { secrets: unknown }).secrets, [
      { name: "APP_CLIENT_SECRET", value: client?.["client_secret"] },
    ]);
  });

  it("waits for resources that no output depends on", async () => {
    await deploy(async () => {
      await machine();
      return undefined;
    });
    assert.equal(tenant.bindings.get("post-login")?.length, 1);
  });

  it("keeps a generated secret secret in the program, and tells which outputs are", async () => {
    let inProgram: boolean | undefined;
    const { secretOutputs } = await deploy(async () => {
      const outputs = await machine();
      inProgram = await pulumi.isSecret(pulumi.output(outputs["secrets"]));
      return outputs;
    });
    assert.equal(inProgram, true);
    assert.deepEqual(secretOutputs, ["secrets"]);
  });

  it("gives the program its configuration, with the tenant's domain and the secrets as secrets", async () => {
    const { outputs, secretOutputs } = await deploy(
      () => {
        const config = new pulumi.Config("workforce-sso");
        return Promise.resolve({
          domain: new pulumi.Config("auth0").require("domain"),
          list: config.requireObject("list"),
          hidden: config.requireSecret("hidden"),
        });
      },
      {
        config: { "workforce-sso:list": '["a"]', "workforce-sso:hidden": "x" },
        secretKeys: ["workforce-sso:hidden"],
      },
    );
    assert.deepEqual(outputs, { domain: tenant.domain, list: ["a"], hidden: "x" });
    assert.deepEqual(secretOutputs, ["hidden"]);
  });

  it("makes components without asking the tenant", async () => {
    const { changes } = await deploy(() => {
      const parent = new pulumi.ComponentResource("workforce-sso:index:Part", "part");
      new auth0.Client("child", { name: "child" }, { parent });
      return Promise.resolve({});
    });
    assert.deepEqual(changes, { create: 1 });
    assert.equal(tenant.take().length, 2);
  });

  it("fails with the first resource's reason, makes nothing that depends on it, and can go on", async () => {
    tenant.override = ({ path }) =>
      path.endsWith("/deploy") ? errorAnswer(403, "Forbidden", "Insufficient scope") : undefined;
    await assert.rejects(
      deploy(machine),
      /^Error: auth0:index\/action:Action enrich: 403 Forbidden: Insufficient scope$/,
    );
    assert.equal(tenant.bindings.size, 0);
    tenant.override = undefined;
    tenant.actions.clear();
    assert.deepEqual((await deploy(machine)).changes, { create: 4 });
  });

  it("names a faulty input before any request", async () => {
    const program = () => {
      new auth0.Connection("ad", { name: "ad", strategy: "adfs" });
      return Promise.resolve({});
    };
    await assert.rejects(deploy(program), /Connection ad: strategy: must be one of waad/);
    assert.deepEqual(tenant.take(), []);
  });

  it("gives the program's own error on as it is", async () => {
    const error = new pulumi.RunError("groupsClaim is missing");
    await assert.rejects(
      deploy(() => Promise.reject(error)),
      error,
    );
  });

  it("says that functions cannot be called", async () => {
    const program = async () => ({ tenant: await auth0.getTenant() });
    await assert.rejects(deploy(program), /no functions can be called.*getTenant/);
  });

  it("runs one deployment after the other, however many are asked for", async () => {
    const names: string[] = [];
    const program = (name: string) => () => {
      names.push(new pulumi.Config("p").require("name"));
      return Promise.resolve({ name, id: new auth0.Client(name, { name }).clientId });
    };
    const results = await Promise.all(
      ["one", "two", "three"].map((name) => deploy(program(name), { config: { "p:name": name } })),
    );
    assert.deepEqual(names, ["one", "two", "three"]);
    for (const { outputs } of results) {
      assert.equal(tenant.clients.get(String(outputs["id"]))?.["name"], outputs["name"]);
    }
  });
});
