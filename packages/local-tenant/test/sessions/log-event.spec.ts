import assert from "node:assert/strict";
import type { FastifyRequest } from "fastify";
import { logEvent, requestDetails } from "../../src/sessions/log-event.ts";
import { Agent } from "../support/oauth.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("the tenant's log", () => {
  const now = Date.parse("2026-03-01T12:34:56.789Z");
  const test = perSuite(() => startTestTenant({ now: () => now }));
  const agent = perSuite(() => new Agent(test));

  /** A refusal that is logged. */
  const logSomething = (headers: Record<string, string> = {}) => agent.get("/authorize", headers);
  const list = async () => (await test.api<Record<string, unknown>[]>("GET", "/logs?per_page=100")).body;

  it("says when, from where and by which program each thing was asked for, as Auth0 writes it", async () => {
    await logSomething({ "user-agent": "u".repeat(600) });
    const [row] = await list();
    const { log_id, _id, ...rest } = row ?? {};
    assert.match(String(log_id), /^900220260301123456789[0-9a-f]{28}$/);
    assert.equal(_id, log_id);
    assert.deepEqual(rest, {
      date: "2026-03-01T12:34:56.789Z",
      type: "f",
      description: "Missing required parameter: client_id",
      ip: "127.0.0.1",
      user_agent: "u".repeat(512),
      hostname: test.tenant.context.domain,
      isMobile: false,
    });
  });

  it("has a row without a program where none was named", async () => {
    await test.tenant.app.inject({
      url: "/authorize",
      headers: { host: test.tenant.context.domain, "user-agent": "" },
    });
    const [row] = await list();
    assert.equal(row?.["user_agent"], "");
  });

  it("takes the host without its port, and localhost where a request of HTTP/1.0 names none", () => {
    const hosts: [host: string | undefined, hostname: string][] = [
      ["localhost:4443", "localhost"],
      ["tenant.example", "tenant.example"],
      ["[::1]:4443", "[::1]"],
      [undefined, "localhost"],
    ];
    for (const [host, hostname] of hosts) {
      // SAFETY: no more of a request is read.
      const request = { ip: "127.0.0.1", headers: { host } } as FastifyRequest;
      assert.deepEqual(requestDetails(request), { ip: "127.0.0.1", userAgent: "", hostname });
    }
  });

  it("keeps the last 1,000 rows", async () => {
    const { context } = test.tenant;
    const request = { ip: "127.0.0.1", userAgent: "", hostname: "localhost" };
    for (let index = 0; index < 1_001; index += 1) logEvent(context, "f", request);
    assert.equal(context.store.tables.logs.size, 1_000);
  });
});
