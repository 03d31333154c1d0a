import assert from "node:assert/strict";
import { perSuite } from "../../../packages/local-tenant/test/support/per-suite.ts";
import { startTestTenant } from "../../../packages/local-tenant/test/support/tenant.ts";
import { kindsOf } from "../../bench/stack/least.ts";
import { deploySample } from "../../support/deploy-sample.ts";

/** All requests of a first `up`. It takes more where the provider sends more than it did. */
const MOST_REQUESTS = 31;

describe("the requests of an up", () => {
  const test = perSuite(() => startTestTenant());

  it("write each thing once, and are no more than they were", async () => {
    const { domain, store, log } = test.tenant.context;
    await deploySample({ domain, ...store.deployer, ca: test.tenant.ca });
    const requests = log.list();
    const writes = kindsOf("up", requests).filter(({ request }) => !request.startsWith("GET "));
    assert.ok(writes.length >= 9, JSON.stringify(writes));
    for (const { request, count, least } of writes) assert.equal(count, least, request);
    assert.ok(requests.length <= MOST_REQUESTS, `${requests.length} requests`);
  });
});
