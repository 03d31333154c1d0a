import type { ManagementApi } from "../../local/pulumi/resources/management-api.ts";
import { checkInputs } from "../../local/pulumi/resources/check.ts";
import { diffResource } from "../../local/pulumi/resources/diff.ts";
import {
  createResource,
  deleteResource,
  readResource,
  updateResource,
} from "../../local/pulumi/resources/lifecycle.ts";
import { resourceType } from "../../local/pulumi/resources/registry.ts";
import type { ResourceType } from "../../local/pulumi/resources/resource-type.ts";
import type { Props } from "../../local/pulumi/resources/values.ts";
import { isObject, revealProps } from "../../local/pulumi/resources/values.ts";
import program from "../../index.ts";
import { runWithMocks } from "../support/pulumi-mocks.ts";
import type { SentResource } from "../support/pulumi-mocks.ts";

/** A resource that the program asks for. Ids of others are those of the mocks. */
export interface Part {
  readonly type: ResourceType;
  readonly name: string;
  readonly inputs: Props;
}

interface Made extends Part {
  id: string;
  state: Props;
}

/** Stands for the tenant's domain while the program runs, once for all tests. */
const DOMAIN = "tenant-of-the-test.example";
let sent: Promise<readonly SentResource[]> | undefined;

/** The order in which a stack is made, and left the other way round. */
const ORDER = [
  "Client",
  "ClientCredentials",
  "ClientGrant",
  "Connection",
  "ConnectionClients",
  "ConnectionClient",
  "Action",
  "TriggerActions",
  "TriggerAction",
];

type Asked = Pick<SentResource, "type" | "name" | "inputs">;

/**
 * Of those types that the program asks for in some configurations alone, one resource each, where this
 * configuration has none.
 */
const OTHERS: readonly { instead: string; resources: readonly Asked[] }[] = [
  {
    instead: "auth0:index/connectionClient:ConnectionClient",
    resources: [
      {
        type: "auth0:index/connection:Connection",
        name: "many-connection",
        inputs: { name: "many", strategy: "waad", options: { clientId: "x", domain: "many.example" } },
      },
      {
        type: "auth0:index/connectionClient:ConnectionClient",
        name: "many-client",
        inputs: { connectionId: "many-connection-id", clientId: "client-of-admin-portal-client" },
      },
    ],
  },
  {
    instead: "auth0:index/triggerAction:TriggerAction",
    resources: [
      {
        type: "auth0:index/triggerAction:TriggerAction",
        name: "login-flow-binding",
        inputs: { trigger: "post-login", actionId: "login-flow-action-id" },
      },
    ],
  },
];

/** What an update changes, by type; a type that is left out has nothing that can be changed in place. */
const CHANGES: Readonly<Record<string, (inputs: Props) => Props>> = {
  Action: (inputs) => ({ ...inputs, code: `${String(inputs["code"])}\n//`, secrets: [] }),
  Client: (inputs) => ({ ...inputs, description: "Changed." }),
  ClientCredentials: (inputs) => ({ ...inputs, authenticationMethod: "client_secret_basic" }),
  ClientGrant: (inputs) => ({ ...inputs, scopes: ["read:users", "read:roles"] }),
  Connection: (inputs) => ({
    ...inputs,
    options: { ...(isObject(inputs["options"]) ? inputs["options"] : {}), domainAliases: ["new.example"] },
  }),
  ConnectionClients: (inputs) => ({ ...inputs, enabledClients: [] }),
  TriggerAction: (inputs) => ({ ...inputs, displayName: "Changed" }),
  TriggerActions: (inputs) => ({
    ...inputs,
    actions: (inputs["actions"] as Props[]).map((action) => ({ ...action, displayName: "Changed" })),
  }),
};

/** The short name of a resource type: `Client` of `auth0:index/client:Client`. */
export function kindOf(type: ResourceType): string {
  return type.token.split(":").at(-1) ?? "";
}

/** Every resource of the program for a tenant, in the order in which they are made. */
export async function partsOfProgram(domain: string): Promise<Part[]> {
  sent ??= runWithMocks(program, { "auth0:domain": DOMAIN }).then(({ resources }) => resources);
  const text = JSON.stringify(await sent).replaceAll(DOMAIN, domain);
  // SAFETY: the text of the same objects with another domain in it.
  const resources = JSON.parse(text) as SentResource[];
  const types = new Set(resources.map(({ type }) => type));
  const others = OTHERS.filter(({ instead }) => !types.has(instead)).flatMap((other) => other.resources);
  return [...resources, ...others]
    .filter(({ type }) => type.startsWith("auth0:"))
    .map(({ type, name, inputs }) => ({ type: resourceType(type), name, inputs }))
    .toSorted((a, b) => ORDER.indexOf(kindOf(a.type)) - ORDER.indexOf(kindOf(b.type)));
}

/**
 * The life of a stack, step by step, by the code of the stand-in provider: what the auth0 plugin sends, in
 * its order. A step fails when a request is refused, and when what it leaves in the state would make the next
 * preview show a change.
 */
export class LifeCycle {
  readonly #parts: readonly Part[];
  readonly #made: Made[] = [];

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  /** Makes everything. */
  async create(api: ManagementApi): Promise<void> {
    for (const part of this.#parts) {
      await step(`create ${kindOf(part.type)}`, async () => {
        const inputs = checked(part, this.#withRealIds(part.inputs));
        const { id, state } = await createResource(part.type, api, inputs);
        const made = { ...part, inputs, id, state };
        this.#made.push(made);
        refuseChange(made);
      });
    }
  }

  /** Reads everything, as a refresh does. */
  async read(api: ManagementApi): Promise<void> {
    for (const made of this.#made) {
      await step(`read ${kindOf(made.type)}`, async () => {
        const read = await readResource(made.type, api, made.id, made.state, made.inputs);
        if (read === undefined) throw new Error("is gone");
        refuseChange({ ...made, state: read.state });
      });
    }
  }

  /** Changes everything that can be changed in place. */
  async update(api: ManagementApi): Promise<void> {
    for (const made of this.#made) {
      const change = CHANGES[kindOf(made.type)];
      if (change === undefined) continue;
      await step(`update ${kindOf(made.type)}`, async () => {
        const inputs = checked(made, change(revealProps(made.inputs)));
        const state = await updateResource(made.type, api, made.id, made.state, inputs);
        Object.assign(made, { inputs, state });
        refuseChange(made);
      });
    }
  }

  /** Gives the connections new names: the new ones come, are enabled, and the old ones go. */
  async rename(api: ManagementApi): Promise<void> {
    const connections = this.#made.filter(({ type }) => kindOf(type) === "Connection");
    for (const old of connections) {
      await step("rename Connection", async () => {
        const renamed = { ...revealProps(old.inputs), name: `${String(old.inputs["name"])}-new` };
        const inputs = checked(old, renamed);
        const { id, state } = await createResource(old.type, api, inputs);
        await deleteResource(old.type, api, old.id, old.state);
        Object.assign(old, { id, inputs, state });
      });
    }
  }

  /** Deletes everything, last first. */
  async delete(api: ManagementApi): Promise<void> {
    for (const { type, id, state } of this.#made.toReversed()) {
      await step(`delete ${kindOf(type)}`, () => deleteResource(type, api, id, state));
    }
  }

  /** Inputs with the tenant's ids and secrets in the place of the mocks'. */
  #withRealIds(inputs: Props): Props {
    let text = JSON.stringify(inputs);
    for (const { name, id, state } of this.#made) {
      text = text.replaceAll(JSON.stringify(`${name}-id`), JSON.stringify(id));
      text = text.replaceAll(JSON.stringify(`client-of-${name}`), JSON.stringify(id));
      const { clientSecret } = revealProps(state);
      text = text.replaceAll(JSON.stringify(`secret-of-${name}`), JSON.stringify(clientSecret ?? ""));
    }
    // SAFETY: the text of an object with other values in it.
    return JSON.parse(text) as Props;
  }
}

/** A step that failed; its name is what a table shows. */
export class StepFailed extends Error {
  readonly step: string;

  constructor(step: string, cause: unknown) {
    super(`${step}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.step = step;
  }
}

/** @throws {StepFailed} */
export async function step(name: string, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    throw new StepFailed(name, error);
  }
}

function checked({ type, name }: Part, inputs: Props): Props {
  const result = checkInputs(type, inputs, {}, name);
  if (result.failures.length > 0) throw new Error(result.failures.map(({ reason }) => reason).join("; "));
  return result.inputs;
}

/**
 * @throws {Error} for a state that another preview would want to change, or that lacks a secret which the
 * Action is given.
 */
function refuseChange({ type, inputs, state }: Made): void {
  const changes = [...diffResource(type, state, inputs).keys()];
  if (changes.length > 0) throw new Error(`a preview would show a change of ${changes.join(", ")}`);
  if (type.fields["clientSecret"] !== undefined && revealProps(state)["clientSecret"] === "") {
    throw new Error("the secret is not known");
  }
}
