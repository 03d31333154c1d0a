import assert from "node:assert/strict";
import type { Action, Client, Connection } from "./answers.ts";
import type { TestTenant } from "./tenant.ts";

/** Makes an application, and gives its client id. */
export async function makeClient(test: TestTenant, name: string): Promise<string> {
  const made = await test.api<Client>("POST", "/clients", { name, app_type: "regular_web" });
  assert.equal(made.status, 201);
  return made.body.client_id;
}

/** Makes an Azure AD connection of the stack's name, and gives its id. */
export async function makeConnection(test: TestTenant): Promise<string> {
  const made = await test.api<Connection>("POST", "/connections", {
    name: "azure-ad",
    strategy: "waad",
    options: { client_id: "old", client_secret: "old", tenant_domain: "xyz.onmicrosoft.com" },
  });
  assert.equal(made.status, 201);
  return made.body.id;
}

/** An Action as the configuration names it. */
export interface BoundByHand {
  readonly actionId: string;
  readonly displayName: string;
}

/** Makes an Action, deploys it and makes it the only one of the login flow. */
export async function bindOnlyAction(test: TestTenant, name: string): Promise<BoundByHand> {
  const action = await makeAction(test, name);
  await bindActions(test, [action]);
  return action;
}

/** Makes an Action, deploys it and adds it to the end of the login flow, as another team would. */
export async function appendAction(test: TestTenant, name: string): Promise<BoundByHand> {
  const action = await makeAction(test, name);
  await bindActions(test, [...boundActions(test), action]);
  return action;
}

/** Makes an Action and deploys it. */
export async function makeAction(test: TestTenant, name: string): Promise<BoundByHand> {
  const made = await test.api<Action>("POST", "/actions/actions", {
    name,
    supported_triggers: [{ id: "post-login", version: "v3" }],
    code: "exports.onExecutePostLogin = async () => {};",
    runtime: "node22",
  });
  assert.equal(made.status, 201);
  const { id } = made.body;
  await test.api("POST", `/actions/actions/${id}/deploy`);
  return { actionId: id, displayName: name };
}

/** Writes the login flow's whole list. */
export async function bindActions(test: TestTenant, actions: readonly BoundByHand[]): Promise<void> {
  const bindings = actions.map(({ actionId, displayName }) => ({
    ref: { type: "action_id", value: actionId },
    display_name: displayName,
  }));
  const bound = await test.api("PATCH", "/actions/triggers/post-login/bindings", { bindings });
  assert.equal(bound.status, 200);
}

/** The Actions of the login flow, in their order. */
export function boundActions({ tenant }: TestTenant): BoundByHand[] {
  return tenant.context.store.tables.bindings
    .list(({ trigger_id }) => trigger_id === "post-login")
    .map(({ action_id, display_name }) => ({ actionId: action_id, displayName: display_name }));
}

/** Names of the Actions of the login flow, in their order. */
export function boundNames(test: TestTenant): string[] {
  return boundActions(test).map(({ displayName }) => displayName);
}
