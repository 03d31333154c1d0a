import assert from "node:assert/strict";
import { SignInError, UserError } from "../../src/index.ts";
import type { InjectResponse, Tenant } from "../../src/index.ts";
import { deployTo, PORTAL } from "./portal.ts";

/** For `assert.rejects` of a sign-in: what the application was told. */
export const refusedWith = (code: string) => (error: unknown) =>
  error instanceof SignInError && error.error === code;

/** For `assert.throws`: a person's mistake, in one line. */
export const inOneLine = (message: RegExp) => (error: unknown) =>
  error instanceof UserError && message.test(error.message) && !error.message.includes("\n");

/** The credentials of the application that `deployPortal` makes. */
export async function portalOf(tenant: Tenant): Promise<Record<"client_id" | "client_secret", string>> {
  const deploy = await deployTo(tenant);
  const clients = await deploy<Record<"name" | "client_id" | "client_secret", string>[]>("GET", "clients");
  const portal = clients.find(({ name }) => name === PORTAL.application);
  assert.ok(portal);
  return { client_id: portal.client_id, client_secret: portal.client_secret };
}

/** Takes the place of all faults of a tenant. */
export async function setFaults(tenant: Tenant, faults: readonly unknown[]): Promise<void> {
  const { clientId, clientSecret } = tenant.deployer;
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
  const request = { method: "PUT", url: "/_local/faults", headers: { authorization }, body: faults };
  const { status, body } = await tenant.inject(request);
  assert.equal(status, 200, body);
}

/** Answers its id. */
export async function addRole(tenant: Tenant, name: string): Promise<string | undefined> {
  const deploy = await deployTo(tenant);
  return (await deploy("POST", "roles", { name }))["id"];
}

/** The names of all roles. */
export async function rolesOf(tenant: Tenant): Promise<string[]> {
  const deploy = await deployTo(tenant);
  return (await deploy<{ name: string }[]>("GET", "roles")).map(({ name }) => name);
}

/** Exchanges a refresh token of the portal's. */
export async function refresh(tenant: Tenant, refresh_token: string | undefined): Promise<InjectResponse> {
  const body = { grant_type: "refresh_token", refresh_token, ...(await portalOf(tenant)) };
  return tenant.inject({ url: "/oauth/token", body });
}

/** Revokes a refresh token of the portal's. */
export async function revoke(tenant: Tenant, token: string | undefined): Promise<InjectResponse> {
  return tenant.inject({ url: "/oauth/revoke", body: { token, ...(await portalOf(tenant)) } });
}
