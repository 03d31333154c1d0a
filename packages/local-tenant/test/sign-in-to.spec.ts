import assert from "node:assert/strict";
import { signInTo } from "../src/sign-in-to.ts";
import { addApplication } from "./support/application.ts";
import { perTest } from "./support/per-suite.ts";
import { startTestTenant } from "./support/tenant.ts";

const NOON = Date.parse("2011-05-06T12:00:00.000Z");

describe("a sign-in without a socket", () => {
  const test = perTest(() => startTestTenant({ now: () => NOON }));
  const application = perTest(() => addApplication(test));
  const signIn = (employee: string) =>
    signInTo(test.tenant, new Map(), { application: application.client.client_id, employee });

  it("is verified by the tenant's clock, by which the token is good and by the machine's is not", async () => {
    const { claims } = await signIn("ada.lindqvist@xyz.example");
    assert.equal(claims.iat, NOON / 1000);
    assert.ok(Number(claims.exp) * 1000 < Date.now());
  });

  it("comes with its own trace, however many are under way", async () => {
    const employees = test.tenant.context.directory.employees.slice(0, 10).map(({ email }) => email);
    const results = await Promise.all(employees.map(signIn));
    assert.deepEqual(
      results.map(({ trace }) => trace.user.email),
      employees,
    );
  });
});
