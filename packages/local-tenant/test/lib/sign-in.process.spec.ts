import assert from "node:assert/strict";
import { overHttps } from "../../src/lib/browser.ts";
import { signIn } from "../../src/lib/sign-in.ts";
import { findEmployee, groupsOf } from "../../src/directory/directory.ts";
import { addApplication, addBoundAction, unbindActions } from "../support/application.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("signing an employee in as a browser would", () => {
  const test = perSuite(() => startTestTenant());
  afterEach(() => unbindActions(test));

  it("ends with a verified ID token that says who the employee is", async () => {
    const { issuer } = test.tenant.context;
    const { client, connection, redirectUri } = addApplication(test);
    const { claims, tokens } = await signIn({
      issuer,
      send: overHttps(test.tenant.ca),
      client: { id: client.client_id, secret: client.client_secret },
      redirectUri,
      connection: connection.name,
      employee: "chloe.dubois@xyz.example",
    });
    assert.equal(claims["name"], "Chloé Dubois");
    assert.equal(claims["email"], "chloe.dubois@xyz.example");
    assert.equal(tokens.token_type, "Bearer");
  });

  it("carries the groups that an Action puts into the ID token", async () => {
    const { directory, issuer } = test.tenant.context;
    addBoundAction(
      test,
      `exports.onExecutePostLogin = async (event, api) => {
        api.idToken.setCustomClaim("https://xyz.example/groups", event.user.groups);
      };`,
    );
    const { client, connection, redirectUri } = addApplication(test, {
      options: { ext_nested_groups: true },
    });
    const employee = findEmployee(directory, directory.defaultEmployee);
    assert.ok(employee);
    const { claims } = await signIn({
      issuer,
      send: overHttps(test.tenant.ca),
      client: { id: client.client_id, secret: client.client_secret },
      redirectUri,
      connection: connection.name,
      employee: employee.email,
    });
    const names = groupsOf(directory, employee, { nested: true }).map((group) => group.name);
    assert.ok(names.length > employee.groups.length);
    assert.deepEqual(claims["https://xyz.example/groups"], names);
    const [trace] = test.tenant.context.signIns.traces.list();
    assert.equal(trace?.outcome, "completed");
    assert.deepEqual(trace?.claims.idToken["https://xyz.example/groups"], names);
  });
});
