import { checkInputs } from "../../../../local/pulumi/resources/check.ts";
import { createResource, updateResource } from "../../../../local/pulumi/resources/lifecycle.ts";
import { ManagementApi } from "../../../../local/pulumi/resources/management-api.ts";
import { resourceType } from "../../../../local/pulumi/resources/registry.ts";
import type { Props } from "../../../../local/pulumi/resources/values.ts";
import { perSuite } from "../../../../packages/local-tenant/test/support/per-suite.ts";
import { FakeTenant } from "../fake-tenant.ts";

export interface Bench {
  readonly tenant: FakeTenant;
  readonly api: ManagementApi;
  /** Checked inputs of a resource type; errors throw. */
  inputs(token: string, given: Props): Props;
  create(token: string, given: Props): Promise<{ id: string; state: Props; inputs: Props }>;
  update(token: string, id: string, state: Props, given: Props): Promise<Props>;
  close(): Promise<void>;
}

/**
 * A bench for all tests of a suite. What a test has sent, and what it has overridden, is gone for the next.
 */
export function useBench(): Bench {
  const bench = perSuite(startBench);
  beforeEach(() => {
    bench.tenant.override = undefined;
    bench.tenant.take();
  });
  return bench;
}

/** A fake tenant with a client for it whose waits take no time. */
async function startBench(): Promise<Bench> {
  const tenant = await FakeTenant.start();
  const access = {
    domain: tenant.domain,
    clientId: "deployer",
    clientSecret: "deployer-secret",
    ca: tenant.ca,
  };
  const api = new ManagementApi(access, { sleep: () => Promise.resolve() });
  const inputs = (token: string, given: Props): Props => {
    const checked = checkInputs(resourceType(token), given);
    if (checked.failures.length > 0) throw new Error(checked.failures.map(({ reason }) => reason).join("; "));
    return checked.inputs;
  };
  return {
    tenant,
    api,
    inputs,
    async create(token, given) {
      const checked = inputs(token, given);
      return { ...(await createResource(resourceType(token), api, checked)), inputs: checked };
    },
    update: (token, id, state, given) =>
      updateResource(resourceType(token), api, id, state, inputs(token, given)),
    async close() {
      api.close();
      await tenant.close();
    },
  };
}

export const ACTION = "auth0:index/action:Action";
export const CLIENT = "auth0:index/client:Client";
export const CREDENTIALS = "auth0:index/clientCredentials:ClientCredentials";
export const GRANT = "auth0:index/clientGrant:ClientGrant";
export const CONNECTION = "auth0:index/connection:Connection";
export const CONNECTION_CLIENTS = "auth0:index/connectionClients:ConnectionClients";
export const TRIGGER = "auth0:index/triggerActions:TriggerActions";
export const CONNECTION_CLIENT = "auth0:index/connectionClient:ConnectionClient";
export const TRIGGER_ACTION = "auth0:index/triggerAction:TriggerAction";
