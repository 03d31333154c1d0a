import assert from "node:assert/strict";
import type { Checkpoint, Client, Connection } from "../support/answers.ts";
import { maker } from "../support/maker.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("Connections", () => {
  const test = perSuite(() => startTestTenant({ discover: async (url) => documents.get(url) }));
  const make = maker<Connection>(test, "/connections", (number) => ({ name: `connection-${number}` }));
  const documents = new Map<string, Record<string, unknown>>();

  const create = (strategy: string, options?: object) => make({ strategy, ...(options && { options }) });
  const patch = (id: string, body: object) => test.api<Connection>("PATCH", `/connections/${id}`, body);
  const setOptions = async (id: string, options: unknown) => (await patch(id, { options })).body.options;

  it("of Azure AD answer what was sent, the secret in clear, and what production adds", async () => {
    const sent = {
      client_id: "id",
      client_secret: "in clear",
      domain: "xyz.example",
      ext_groups: true,
      max_groups_to_retrieve: "50",
    };
    const made = await create("waad", sent);
    const { thumbprints, app_domain, waad_common_endpoint, ...options } = made.options;
    assert.deepEqual(options, sent);
    assert.equal(Array.isArray(thumbprints), true);
    assert.equal(app_domain, test.tenant.context.domain);
    assert.equal(waad_common_endpoint, false);
    assert.deepEqual(made.enabled_clients, []);
    assert.deepEqual(made.realms, [made.name]);
    assert.equal(made.display_name, made.name);
    assert.match(made.provisioning_ticket_url, /\/p\/waad\//);
  });

  it("lose an option that a PATCH does not repeat, and keep the rest of the connection", async () => {
    const made = await create("waad", { client_id: "id", strategy_version: 2 });
    const options = await setOptions(made.id, { client_id: "other" });
    assert.equal(options.client_id, "other");
    assert.equal("strategy_version" in options, false);
    const read = await test.api<Connection>("GET", `/connections/${made.id}`);
    assert.equal(read.body.display_name, made.name);
  });

  it("of a database begin with production's options", async () => {
    const { options } = await create("auth0");
    assert.equal(options.passwordPolicy, "good");
    assert.equal("password_options" in options, false);
    assert.equal(options.brute_force_protection, true);
    assert.deepEqual(options.authentication_methods?.password, {
      enabled: true,
      api_behavior: "required",
      signup_behavior: "allow",
    });
  });

  it("of a database refuse attributes that contradict each other", async () => {
    const email = { identifier: { active: true }, profile_required: true, signup: { status: "required" } };
    const refusals: [Record<string, unknown>, RegExp][] = [
      [{ attributes: { email }, validation: { username: { min: 1, max: 5 } } }, /options\.validation/],
      [{ attributes: { email }, requires_username: true }, /options\.requires_username/],
      [{ attributes: { email: { ...email, identifier: { active: false } } } }, /one active identifier/],
      [
        { attributes: { email: { ...email, signup: { status: "inactive" } } } },
        /email must also be required/,
      ],
    ];
    for (const [options, message] of refusals) {
      const answer = await test.api("POST", "/connections", { name: "refused", strategy: "auth0", options });
      assert.equal(answer.status, 400);
      assert.match(answer.body.message, message);
    }
  });

  it("of a database refuse shared addresses where people have had their own", async () => {
    const made = await create("auth0");
    const attributes = (unique: boolean) => ({
      username: { identifier: { active: true } },
      email: { identifier: { active: false }, unique },
    });
    const path = `/connections/${made.id}`;
    const refused = await test.api("PATCH", path, { options: { attributes: attributes(false) } });
    assert.deepEqual([refused.status, refused.body.message], [400, "cannot add non-unique email attribute"]);
    const own = await setOptions(made.id, { attributes: attributes(true) });
    assert.equal(own.attributes?.email?.unique, true);
    assert.equal(own.brute_force_protection, true);
    const shared = { attributes: attributes(false) };
    const other = await create("auth0", shared);
    const kept = await setOptions(other.id, shared);
    assert.equal(kept.attributes?.email?.unique, false);
  });

  it("of the tenant's own users have no other application to ask, those of OpenID Connect may", async () => {
    const asking = { cross_app_access_requesting_app: { active: true } };
    const database = { name: "xaa-database", strategy: "auth0" };
    const refused = await test.api("POST", "/connections", { ...database, ...asking });
    assert.deepEqual([refused.status, refused.body.errorCode], [400, "operation_not_supported"]);
    const made = await make(database);
    assert.equal((await patch(made.id, asking)).status, 400);
    const asked = { cross_app_access_resource_app: { status: "enabled" } };
    const other = await make({ strategy: "oidc", ...asked, ...asking });
    assert.deepEqual(other.cross_app_access_resource_app, { status: "enabled" });
    const without = await patch(other.id, { cross_app_access_resource_app: null });
    assert.equal(without.status, 200);
    assert.equal("cross_app_access_resource_app" in without.body, false);
  });

  it("of OpenID Connect keep the provider's discovery document, and read it anew when its address changes", async () => {
    documents.set("https://one.example/d", {
      issuer: "https://one.example",
      token_endpoint: "https://one.example/t",
    });
    documents.set("https://two.example/d", { issuer: "https://two.example" });
    const made = await create("oidc", {
      client_id: "x",
      discovery_url: "https://one.example/d",
      token_endpoint: null,
    });
    assert.equal(made.options.oidc_metadata?.issuer, "https://one.example");
    assert.equal(made.options.token_endpoint, "https://one.example/t");
    assert.equal(made.options.connection_settings?.pkce, "auto");
    const changed = await setOptions(made.id, { client_id: "x", discovery_url: "https://two.example/d" });
    assert.equal(changed.oidc_metadata?.issuer, "https://two.example");
    const offline = await create("oidc", { client_id: "x", discovery_url: "https://unreachable.example/d" });
    assert.equal("oidc_metadata" in offline.options, false);
  });

  it("of social providers turn their switches into the scope", async () => {
    const github = await create("github", { email: true, read_org: true, repo: false });
    assert.deepEqual(github.options.scope, ["user:email", "read:org"]);
    const facebook = await create("facebook", { email: true, public_profile: true });
    assert.equal(facebook.options.scope, "email,public_profile");
  });

  it("of SAML read endpoints from metadata and drop it", async () => {
    const metadataXml =
      '<md:EntityDescriptor entityID="x"><md:IDPSSODescriptor>' +
      '<md:SingleLogoutService Binding="urn:redirect" Location="https://idp.example/out"/>' +
      '<md:SingleSignOnService Binding="urn:redirect" Location="https://idp.example/in"/>' +
      "</md:IDPSSODescriptor></md:EntityDescriptor>";
    const { options } = await create("samlp", { metadataXml });
    assert.equal(options.signInEndpoint, "https://idp.example/in");
    assert.equal(options.signOutEndpoint, "https://idp.example/out");
    assert.equal(options.bindingMethod, "urn:redirect");
    assert.equal("metadataXml" in options, false);
  });

  it("never answer values for custom scripts as they were sent", async () => {
    const { options } = await create("auth0", { configuration: { KEY: "a secret value" } });
    assert.equal(JSON.stringify(options).includes("a secret value"), false);
    assert.equal(typeof options.configuration?.["KEY"], "string");
  });

  it("answer their id whatever fields are asked for", async () => {
    const made = await create("waad", {});
    const path = `/connections/${made.id}?fields=strategy%2Cname&include_fields=true`;
    const answer = await test.api<Connection>("GET", path);
    const { id, name, strategy, is_domain_connection } = answer.body;
    assert.deepEqual(
      { id, name, strategy, is_domain_connection },
      { id: made.id, name: made.name, strategy: "waad", is_domain_connection: false },
    );
    assert.equal("options" in answer.body, false);
  });

  it("are found by name and by strategy", async () => {
    const made = await create("okta", { domain: "x.example" });
    const byName = await test.api<Connection[]>("GET", `/connections?name=${made.name}&fields=name`);
    assert.equal(byName.body.length, 1);
    const byStrategy = await test.api<Checkpoint & { connections: Connection[] }>(
      "GET",
      "/connections?strategy=okta,adfs&take=1",
    );
    assert.deepEqual(
      byStrategy.body.connections.map((row) => row.id),
      [made.id],
    );
    assert.equal("next" in byStrategy.body, false);
  });

  it("are found by several strategies, in both ways in which SDKs send a list", async () => {
    for (const query of ["strategy=samlp&strategy=auth0", "strategy=samlp,auth0"]) {
      const { body } = await test.api<Connection[]>("GET", `/connections?${query}`);
      const strategies = new Set(body.map((row) => row.strategy));
      assert.deepEqual([...strategies].sort(), ["auth0", "samlp"]);
    }
    assert.equal(
      (await test.api("GET", "/connections?name=a&name=b")).body.errorCode,
      "invalid_query_string",
    );
  });

  it("refuse a name that is taken, a name with odd characters and an unknown strategy", async () => {
    const made = await create("waad", {});
    const twin = await test.api("POST", "/connections", { name: made.name, strategy: "waad" });
    assert.equal(twin.status, 409);
    assert.equal((await test.api("POST", "/connections", { name: "a b", strategy: "waad" })).status, 400);
    const unknown = await test.api("POST", "/connections", { name: "ok", strategy: "kerberos" });
    assert.match(
      unknown.body.message,
      /^Payload validation error: 'No enum match for: "kerberos"' on property strategy/,
    );
  });

  it("have a display name and a button of their own as their strategy has them", async () => {
    const made = (strategy: string) => make({ name: `begin-${strategy}`, strategy });
    const [waad, oidc, samlp, adfs] = [
      await made("waad"),
      await made("oidc"),
      await made("samlp"),
      await made("adfs"),
    ];
    assert.deepEqual([waad.display_name, oidc.display_name], ["begin-waad", "begin-oidc"]);
    assert.deepEqual([samlp.display_name, adfs.display_name], [undefined, undefined]);
    assert.deepEqual([oidc.show_as_button, samlp.show_as_button], [false, false]);
    assert.deepEqual([waad.show_as_button, adfs.show_as_button], [undefined, undefined]);
  });

  it("say when they were deleted, with 202, also when they were gone", async () => {
    const made = await create("waad", {});
    const answer = await test.api<{ deleted_at: string }>("DELETE", `/connections/${made.id}`);
    assert.equal(answer.status, 202);
    assert.ok(Date.parse(answer.body.deleted_at) > 0);
    assert.equal((await test.api("DELETE", `/connections/${made.id}`)).status, 202);
    const gone = await test.api("GET", `/connections/${made.id}/clients`);
    assert.equal(gone.body.errorCode, "inexistent_connection");
  });
});

describe("Clients of a connection", () => {
  type Clients = Checkpoint & { readonly clients: readonly { readonly client_id: string }[] };
  const test = perSuite(() => startTestTenant());
  let path: string;
  const ids: string[] = [];
  before(async () => {
    const made = await test.api<Connection>("POST", "/connections", { name: "directory", strategy: "waad" });
    path = `/connections/${made.body.id}/clients`;
    for (const name of ["a", "b", "c"])
      ids.push((await test.api<Client>("POST", "/clients", { name })).body.client_id);
  });

  it("change by difference: who is not named stays", async () => {
    const [a, b, c] = ids;
    const first = [
      { client_id: a, status: true },
      { client_id: b, status: true },
    ];
    assert.equal((await test.api("PATCH", path, first)).status, 204);
    const second = [
      { client_id: a, status: false },
      { client_id: c, status: true },
    ];
    await test.api("PATCH", path, second);
    assert.deepEqual((await test.api("GET", path)).body, { clients: [{ client_id: b }, { client_id: c }] });
  });

  it("page by checkpoint, and have no next on the last page", async () => {
    await test.api(
      "PATCH",
      path,
      ids.map((client_id) => ({ client_id, status: true })),
    );
    const first = await test.api<Clients>("GET", `${path}?take=2`);
    assert.equal(first.body.clients.length, 2);
    const last = await test.api<Clients>("GET", `${path}?take=2&from=${first.body.next}`);
    assert.equal(last.body.clients.length, 1);
    assert.equal("next" in last.body, false);
  });

  it("must exist, and be 50 at most in one call", async () => {
    const unknown = await test.api("PATCH", path, [{ client_id: "nobody", status: true }]);
    assert.equal(unknown.status, 404);
    const many = Array.from({ length: 51 }, () => ({ client_id: ids[0], status: true }));
    assert.match((await test.api("PATCH", path, many)).body.message, /Array is too long \(51\), maximum 50/);
  });
});
