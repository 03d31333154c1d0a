import assert from "node:assert/strict";
import { fastify } from "fastify";
import type { TenantContext } from "../src/context.ts";
import { UserError } from "../src/lib/errors.ts";
import { faultRoutes, Faults, parseFault } from "../src/faults.ts";
import type { Fault } from "../src/faults.ts";

async function createApp(...faults: string[]) {
  const rules = new Faults();
  rules.replace(faults.map(parseFault));
  const app = fastify();
  const store = { deployer: { clientId: "deployer", clientSecret: "its-secret" } };
  // SAFETY: this is all of a tenant that the routes of the faults look at.
  const tenant = { faults: rules, now: () => 1_000_000, store } as unknown as TenantContext;
  app.decorateRequest("tenant", { getter: () => tenant });
  faultRoutes(app);
  app.get("/api/v2/users/:id", async () => ({ fine: true }));
  await app.ready();
  return app;
}

describe("parseFault", () => {
  for (const [text, fault] of [
    ["hang:/oauth/token", { kind: "hang", path: "/oauth/token", share: 1 }],
    [
      "latency=2000:/api/v2/users/*@0.5",
      { kind: "latency", value: 2000, path: "/api/v2/users/*", share: 0.5 },
    ],
    ["status=503:/*", { kind: "status", value: 503, path: "/*", share: 1 }],
    ["429:/api/v2/*@.1", { kind: "status", value: 429, path: "/api/v2/*", share: 0.1 }],
  ] as [string, Fault][]) {
    it(`reads ${text}`, () => assert.deepEqual(parseFault(text), fault));
  }

  for (const text of ["", "hang", "explode:/x", "latency:/x", "status=200:/x", "hang:/x@2", "hang:x"]) {
    it(`refuses "${text}" with the form it should have`, () => {
      assert.throws(
        () => parseFault(text),
        (error) => error instanceof UserError && /KIND/.test(error.message),
      );
    });
  }
});

describe("faults", () => {
  it("hit exactly their share of the matching requests, and no other", () => {
    const faults = new Faults();
    faults.replace([parseFault("status=500:/api/v2/users/*@0.3")]);
    const hits = Array.from({ length: 1000 }, () => faults.pick("/api/v2/users/x")).filter(Boolean);
    assert.equal(hits.length, 300);
    assert.equal(faults.pick("/api/v2/clients"), undefined);
  });

  it("answer 429 with a reset in the future, since clients wait until then", async () => {
    const app = await createApp("429:/api/v2/*");
    const answer = await app.inject("/api/v2/users/x");
    assert.equal(answer.statusCode, 429);
    assert.equal(answer.headers["x-ratelimit-reset"], "1002");
    assert.deepEqual(answer.json(), {
      statusCode: 429,
      error: "Too Many Requests",
      message: "Global limit has been reached",
      errorCode: "too_many_requests",
    });
  });

  it("answer a page or broken JSON where a client expects JSON", async () => {
    const html = await (await createApp("html:/*")).inject("/api/v2/users/x");
    assert.deepEqual([html.statusCode, html.headers["content-type"]], [502, "text/html"]);
    const cut = await (await createApp("truncate:/*")).inject("/api/v2/users/x");
    assert.equal(cut.statusCode, 200);
    assert.throws(() => cut.json());
  });

  it("cut the connection or leave it silent until the client gives up", async () => {
    const app = await createApp("reset:/api/v2/users/reset", "hang:/api/v2/users/hang");
    const address = await app.listen({ host: "127.0.0.1", port: 0 });
    try {
      await assert.rejects(fetch(`${address}/api/v2/users/reset`));
      await assert.rejects(fetch(`${address}/api/v2/users/hang`, { signal: AbortSignal.timeout(200) }), {
        name: "TimeoutError",
      });
      assert.equal((await fetch(`${address}/api/v2/users/other`)).status, 200);
    } finally {
      app.server.closeAllConnections();
      await app.close();
    }
  });

  it("can be changed over HTTP while the tenant runs, and never hit the endpoint that ends them", async () => {
    const app = await createApp("status=500:/*");
    const change = (payload: object[], credentials = "deployer:its-secret") =>
      app.inject({
        method: "PUT",
        url: "/_local/faults",
        headers: { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` },
        payload,
      });
    const cleared = await change([]);
    assert.deepEqual([cleared.statusCode, cleared.json()], [200, []]);
    assert.equal((await app.inject("/api/v2/users/x")).statusCode, 200);
    assert.equal((await change([{ kind: "latency", path: "/x", share: 1 }])).statusCode, 400);
    const stranger = await change([parseFault("hang:/*")], "deployer:wrong");
    assert.deepEqual([stranger.statusCode, (await app.inject("/_local/faults")).json()], [401, []]);
  });
});
