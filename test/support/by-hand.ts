import assert from "node:assert/strict";
import type { TestTenant } from "./tenant.ts";

/** Makes an application, and gives its client id. */
export async function makeClient(test: TestTenant, name: string): Promise<string> {
  const made = await test.api("POST", "/clients", { name, app_type: "regular_web" });
  assert.equal(made.status, 201);
  return (made.body as { client_id: string }).client_id;
}

/** Makes an Azure AD connection of the stack's name, and gives its id. */
export async function makeConnection(test: TestTenant): Promise<string> {
  const made = await test.api("POST", "/connections", {
    name: "azure-ad",
    strategy: "waad",
    options: { client_id: "old", client_secret: "old", tenant_domain: "xyz.onmicrosoft.com" },
  });
  assert.equal(made.status, 201);
  return (made.body as { id: string }).id;
}

/** Makes an Action, deploys it and binds it to the login flow. */
export async function bindAction(
  test: TestTenant,
  name: string,
): Promise<{ actionId: string; displayName: string }> {
  const made = await test.api("POST", "/actions/actions", {
    name,
    supported_triggers: [{ id: "post-login", version: "v3" }],
    code: "exports.onExecutePostLogin = async () => {};",
    runtime: "node22",
  });
  assert.equal(made.status, 201);
  const { id } = made.body as { id: string };
  await test.api("POST", `/actions/actions/${id}/deploy`);
  const bindings = [{ ref: { type: "action_id", value: id }, display_name: name }];
  const bound = await test.api("PATCH", "/actions/triggers/post-login/bindings", { bindings });
  assert.equal(bound.status, 200);
  return { actionId: id, displayName: name };
}

/** Names of the Actions of the login flow, in their order. */
export function boundNames({ tenant }: TestTenant): string[] {
  return tenant.context.store.tables.bindings.list().map((binding) => binding.display_name);
}
