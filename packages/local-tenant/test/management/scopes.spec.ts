import assert from "node:assert/strict";
import { managementScopes } from "../../src/management/management-scopes.ts";
import type { Client, Connection } from "../support/answers.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";
import type { ApiAnswer } from "../support/tenant.ts";

describe("Scopes for single fields", () => {
  const test = perSuite(() => startTestTenant());

  /** The refusal that Auth0 answers a token without one of the scopes. */
  function assertInsufficient(answer: ApiAnswer<unknown>, scopes: string): void {
    assert.equal(answer.status, 403);
    assert.deepEqual(answer.body, {
      statusCode: 403,
      error: "Forbidden",
      message: `Insufficient scope, expected any of: ${scopes}`,
      errorCode: "insufficient_scope",
    });
  }

  describe("of a connection's options", () => {
    let id: string;
    const options = async () => (await test.api<Connection>("GET", `/connections/${id}`)).body.options;
    before(async () => {
      const body = {
        name: "azure-ad",
        strategy: "waad",
        options: { client_secret: "before", domain: "xyz.example" },
      };
      const creator = test.apiWith(["create:connections", "read:connections_options"]);
      const made = await creator<Connection>("POST", "/connections", body);
      assert.equal(made.body.options.client_secret, "before");
      id = made.body.id;
    });

    it("are among those that the deployer has", () => {
      for (const scope of ["read:connections_options", "update:connections_options"]) {
        assert.ok(managementScopes.includes(scope), scope);
      }
    });

    it("show them in one answer and in a list, and nothing else does", async () => {
      const reader = test.apiWith(["read:connections", "update:connections_options"]);
      const whole = test.apiWith(["read:connections", "read:connections_options"]);
      for (const path of [`/connections/${id}`, "/connections", "/connections?take=10"]) {
        const text = (answer: ApiAnswer<unknown>) => JSON.stringify(answer.body);
        const [without, having] = [await reader("GET", path), await whole("GET", path)];
        assert.equal(without.status, 200);
        assert.match(text(without), /"name":"azure-ad"/);
        assert.doesNotMatch(text(without), /options|before/);
        assert.match(text(having), /"client_secret":"before"/);
      }
    });

    it("show them to nobody who only asks for the field by name", async () => {
      const reader = test.apiWith(["read:connections"]);
      const answer = await reader<Connection>("GET", `/connections/${id}?fields=options,name`);
      assert.equal(answer.body.name, "azure-ad");
      assert.equal("options" in answer.body, false);
    });

    it("refuse a change without update:connections_options, and change nothing", async () => {
      const editor = test.apiWith(["update:connections", "read:connections_options"]);
      const body = { display_name: "Changed", options: { client_secret: "after" } };
      assertInsufficient(await editor("PATCH", `/connections/${id}`, body), "update:connections_options");
      const { body: read } = await test.api<Connection>("GET", `/connections/${id}`);
      assert.equal(read.options.client_secret, "before");
      assert.notEqual(read.display_name, "Changed");
    });

    it("let a change without options through, and leave them out of the answer", async () => {
      const editor = test.apiWith(["update:connections"]);
      const answer = await editor<Connection>("PATCH", `/connections/${id}`, { display_name: "Staff" });
      assert.equal(answer.status, 200);
      assert.equal(answer.body.display_name, "Staff");
      assert.equal("options" in answer.body, false);
      assert.equal((await options()).client_secret, "before");
    });

    it("answer a change of options with them only to callers who may read them", async () => {
      const change = (scopes: string[]) =>
        test.apiWith(["update:connections", ...scopes])<Connection>("PATCH", `/connections/${id}`, {
          options: { client_secret: "after" },
        });
      assert.equal("options" in (await change(["update:connections_options"])).body, false);
      assert.equal((await options()).client_secret, "after");
      const both = await change(["update:connections_options", "read:connections_options"]);
      assert.equal(both.body.options.client_secret, "after");
    });

    it("are not needed to make a connection with options, whose answer then lacks them", async () => {
      const body = { name: "other", strategy: "waad", options: { client_secret: "mine" } };
      const made = await test.apiWith(["create:connections"])<Connection>("POST", "/connections", body);
      assert.equal(made.status, 201);
      assert.equal("options" in made.body, false);
      const read = await test.api<Connection>("GET", `/connections/${made.body.id}`);
      assert.equal(read.body.options.client_secret, "mine");
    });

    it("let nobody change the enabled clients beside the endpoint that is made for it", async () => {
      const answer = await test.api("PATCH", `/connections/${id}`, { enabled_clients: [] });
      assert.equal(answer.status, 400);
      assert.match(answer.body.message, /Additional properties not allowed: enabled_clients/);
    });
  });

  describe("of a client's keys", () => {
    let id: string;
    const read = async (scopes: string[]) =>
      (await test.apiWith(scopes)<Client>("GET", `/clients/${id}`)).body;
    before(async () => {
      const body = { name: "App", app_type: "regular_web", description: "An application", callbacks: [] };
      const made = await test.apiWith(["create:clients"])<Client>("POST", "/clients", body);
      assert.equal(made.body.client_secret.length, 64, "who makes a client gets its secret");
      id = made.body.client_id;
    });

    it("show the secret by read:client_keys or read:client_credentials, not by a scope to change or make it", async () => {
      for (const scope of ["read:client_keys", "read:client_credentials"]) {
        assert.equal(typeof (await read([scope])).client_secret, "string", scope);
      }
      const others = [
        "read:clients",
        "update:client_keys",
        "create:client_keys",
        "update:client_credentials",
      ];
      const seen = await read(others);
      for (const field of ["client_secret", "signing_keys", "client_authentication_methods"]) {
        assert.equal(field in seen, false, field);
      }
      assert.deepEqual(seen.callbacks, []);
    });

    it("show only the summary to callers who may not read more", async () => {
      assert.deepEqual(await read(["read:client_summary"]), {
        name: "App",
        client_id: id,
        app_type: "regular_web",
        description: "An application",
      });
      assert.equal("callbacks" in (await read(["read:client_credentials"])), false);
    });

    it("change the secret by update:client_keys, and the rest by update:clients", async () => {
      const change = (scopes: string[], body: unknown) =>
        test.apiWith(scopes)<Client>("PATCH", `/clients/${id}`, body);
      assertInsufficient(await change(["update:clients"], { client_secret: "mine" }), "update:client_keys");
      assertInsufficient(await change(["update:client_keys"], { name: "Other" }), "update:clients");
      const renamed = await change(["update:clients"], { name: "Renamed" });
      assert.equal(renamed.body.name, "Renamed");
      assert.equal("client_secret" in renamed.body, false);
      const rotated = await change(["update:client_keys"], { client_secret: "mine" });
      assert.equal(rotated.body.client_secret, "mine");
    });

    it("list its credentials only by read:client_credentials", async () => {
      const list = (scope: string) => test.apiWith([scope])("GET", `/clients/${id}/credentials`);
      assertInsufficient(await list("read:clients"), "read:client_credentials");
      assert.deepEqual((await list("read:client_credentials")).body, []);
    });
  });
});
