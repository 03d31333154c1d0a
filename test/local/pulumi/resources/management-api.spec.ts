import assert from "node:assert/strict";
import { ManagementApiError } from "../../../../local/pulumi/resources/api-error.ts";
import { ManagementApi } from "../../../../local/pulumi/resources/management-api.ts";
import { FakeTenant, errorAnswer } from "../fake-tenant.ts";

describe("resources: Management API", () => {
  let tenant: FakeTenant;
  let api: ManagementApi;
  let waits: number[];
  const now = 1_700_000_000_000;

  before(async () => (tenant = await FakeTenant.start()));
  after(() => tenant.close());
  beforeEach(() => {
    waits = [];
    api = connect();
    tenant.override = undefined;
    tenant.tokenOverride = undefined;
    tenant.take();
    tenant.tokenRequests.length = 0;
  });
  afterEach(() => api.close());

  function connect(change: { ca?: string; signal?: AbortSignal; now?: () => number } = {}): ManagementApi {
    const access = {
      domain: tenant.domain,
      clientId: "id:1",
      clientSecret: "s€cret/+",
      ca: change.ca ?? tenant.ca,
    };
    return new ManagementApi(access, {
      sleep: (milliseconds) => Promise.resolve(void waits.push(milliseconds)),
      now: change.now ?? (() => now),
      ...(change.signal === undefined ? {} : { signal: change.signal }),
    });
  }

  it("asks for one token, at the first request, with the credentials in a Basic header", async () => {
    assert.equal(tenant.tokenRequests.length, 0);
    await Promise.all([api.find("/clients/a"), api.find("/clients/b")]);
    await api.find("/clients/c");
    assert.equal(tenant.tokenRequests.length, 1);
    const [request] = tenant.tokenRequests;
    const basic = Buffer.from("id%3A1:s%E2%82%ACcret%2F%2B").toString("base64");
    assert.equal(request?.authorization, `Basic ${basic}`);
    assert.deepEqual(Object.fromEntries(new URLSearchParams(request?.body)), {
      audience: `https://${tenant.domain}/api/v2/`,
      grant_type: "client_credentials",
    });
  });

  it("tries once more with the credentials in the form", async () => {
    tenant.tokenOverride = (authorization) =>
      authorization === undefined ? undefined : { status: 401, body: {} };
    await api.find("/clients/a");
    const form = new URLSearchParams(tenant.tokenRequests[1]?.body);
    assert.deepEqual([form.get("client_id"), form.get("client_secret")], ["id:1", "s€cret/+"]);
  });

  it("fetches a new token ten seconds before the old one ends", async () => {
    let time = now;
    const clocked = connect({ now: () => time });
    await clocked.find("/clients/a");
    time += 86_389_000;
    await clocked.find("/clients/a");
    assert.equal(tenant.tokenRequests.length, 1);
    time += 2_000;
    await clocked.find("/clients/a");
    assert.equal(tenant.tokenRequests.length, 2);
    clocked.close();
  });

  it("says what the tenant said to refused credentials, and what to look at, without the secret", async () => {
    const body = { error: "access_denied", error_description: "Unauthorized" };
    tenant.tokenOverride = () => ({ status: 401, body });
    await assert.rejects(api.get("/clients/a"), (error: Error) => {
      assert.match(error.message, /^401 access_denied: Unauthorized .*AUTH0_CLIENT_SECRET/);
      assert.ok(!JSON.stringify([error.message, error.stack]).includes("s€cret"));
      return true;
    });
    tenant.tokenOverride = undefined;
    await api.find("/clients/a");
  });

  it("prints an error as the plugin does, by the status in its body", async () => {
    tenant.override = () => ({ status: 400, body: { statusCode: 404, error: "Not Found", message: "gone" } });
    await assert.rejects(api.get("/x"), {
      name: "ManagementApiError",
      message: "404 Not Found: gone",
      status: 404,
    });
    tenant.override = () => ({ status: 403, body: "no object" });
    await assert.rejects(
      api.get("/x"),
      (error) => error instanceof ManagementApiError && error.status === 403,
    );
  });

  it("waits out 429 until x-ratelimit-reset, five seconds without it, and never in a hot loop", async () => {
    const resets = [String(now / 1000 + 2), undefined, "soon", String(now / 1000 - 60)];
    tenant.override = () => {
      if (resets.length === 0) return undefined;
      const reset = resets.shift();
      return {
        ...errorAnswer(429, "Too Many Requests", "slow"),
        headers: reset === undefined ? {} : { "x-ratelimit-reset": reset },
      };
    };
    await api.find("/clients/a");
    assert.deepEqual(waits, [2000, 5000, 5000, 100]);
  });

  it("repeats after 5xx three times, a POST too, and then gives up with the tenant's words", async () => {
    tenant.override = () => errorAnswer(503, "Service Unavailable", "later");
    await assert.rejects(
      api.post("/clients", { name: "a" }),
      /^ManagementApiError: 503 Service Unavailable: later$/,
    );
    assert.deepEqual(tenant.take(), Array(4).fill("POST /clients"));
    assert.ok(waits.length === 3 && waits.every((wait, index) => wait <= 500 * 2 ** index));
  });

  it("repeats after a connection that breaks", async () => {
    let broken = 0;
    tenant.override = () => (broken++ < 2 ? { status: 0, drop: true } : undefined);
    assert.equal(await api.find("/clients/a"), undefined);
    assert.equal(tenant.take().length, 3);
  });

  it("says where it wanted to go when nobody answers", async () => {
    tenant.override = () => ({ status: 0, drop: true });
    await assert.rejects(
      api.get("/clients/a"),
      new RegExp(`cannot be reached at https://${tenant.domain}/api/v2: `),
    );
  });

  it("does not repeat other errors", async () => {
    tenant.override = () => errorAnswer(409, "Conflict", "name taken");
    await assert.rejects(api.post("/actions/actions", {}), /409 Conflict: name taken/);
    assert.equal(tenant.take().length, 1);
  });

  it("trusts the given authority alone", async () => {
    const other = await FakeTenant.start();
    const stranger = connect({ ca: other.ca });
    await assert.rejects(stranger.get("/clients/a"), /cannot be reached/);
    assert.equal(tenant.tokenRequests.length, 0);
    stranger.close();
    await other.close();
  });

  it("sends nothing more once it is cancelled", async () => {
    const cancelled = new AbortController();
    const ending = connect({ signal: cancelled.signal });
    tenant.override = () => {
      cancelled.abort(new Error("cancelled"));
      return errorAnswer(500, "Internal Server Error", "x");
    };
    await assert.rejects(ending.get("/clients/a"), /cancelled/);
    assert.equal(tenant.take().length, 1);
    ending.close();
  });

  it("goes to this machine and nowhere else", () => {
    const open = (domain: string) => () =>
      new ManagementApi({ domain, clientId: "a", clientSecret: "b" }).close();
    for (const domain of ["localhost:8443", "127.0.0.1", "127.1.2.3:9", "[::1]:8443", "https://localhost:1/"])
      open(domain)();
    const elsewhere = [
      "xyz.eu.auth0.com",
      "localhost.example",
      "10.0.0.1",
      "127.0.0.1.example",
      "localhost@evil.example",
      "",
    ];
    for (const domain of elsewhere)
      assert.throws(open(domain), /this machine only|is not of the form HOST:PORT/, domain);
  });
});
