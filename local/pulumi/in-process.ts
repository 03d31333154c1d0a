import type * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime/mocks.js";
import { checkInputs } from "./resources/check.ts";
import { createResource } from "./resources/lifecycle.ts";
import { ManagementApi } from "./resources/management-api.ts";
import { resourceType } from "./resources/registry.ts";
import type { TenantAccess } from "./resources/tenant-access.ts";
import type { Props } from "./resources/values.ts";
import { ORGANIZATION, PROJECT, STACK } from "./engine/paths.ts";

export interface InProcessOptions {
  /** What `index.ts` exports by default. */
  readonly program: () => Promise<Record<string, unknown> | undefined | void>;
  /**
   * As Pulumi gives it: by full key, and all but strings as JSON. `auth0:domain` is the tenant's by default.
   */
  readonly config: Readonly<Record<string, string>>;
  /** Full keys of the secret ones among them. */
  readonly secretKeys?: readonly string[];
  readonly tenant: TenantAccess;
  /** The Pulumi SDK that the program imports, if it is another copy than this project's. */
  readonly sdk?: typeof pulumi;
}

export interface InProcessResult {
  /** The stack's outputs in clear. */
  readonly outputs: Record<string, unknown>;
  /** Names of the outputs that Pulumi would keep encrypted. */
  readonly secretOutputs: string[];
  /** Number of resources by what was done. There is no state, so all are made. */
  readonly changes: { readonly create: number };
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Deploys a program without a Pulumi CLI. It runs under Pulumi's mocks, whose `newResource` makes each
 * resource on the tenant with the stand-in provider's code. No state is kept, and nothing is updated or
 * deleted. If a resource exists already, the tenant refuses it.
 *
 * The mocks belong to the whole process. So calls wait for each other, and nothing else may set mocks
 * meanwhile.
 * @throws {Error} the program's own error, or that of the first resource that failed: `TYPE NAME: reason`.
 * What was made before stays.
 */
export function deployInProcess(options: InProcessOptions): Promise<InProcessResult> {
  const run = last.then(() => deploy(options));
  last = run.catch(() => undefined);
  return run;
}

async function deploy(options: InProcessOptions): Promise<InProcessResult> {
  // Whoever brings a program of another folder brings its SDK too, and need not wait for this one.
  const { sdk = await import("@pulumi/pulumi") } = options;
  const api = new ManagementApi(options.tenant);
  const maker = new Maker(api);
  const config = { "auth0:domain": options.tenant.domain, ...options.config };
  sdk.runtime.setAllConfig(config, [...(options.secretKeys ?? [])]);
  await sdk.runtime.setMocks(maker, PROJECT, STACK, false, ORGANIZATION);
  try {
    return await Promise.race([run(sdk, options.program, maker), maker.failed]);
  } finally {
    await maker.settled();
    api.close();
    // Set new mocks, whose monitor knows nothing of what a failed run has left open. Otherwise Pulumi would
    // list that when the process ends.
    await sdk.runtime.setMocks(REFUSING, PROJECT, STACK, false, ORGANIZATION);
  }
}

async function run(
  sdk: typeof pulumi,
  program: InProcessOptions["program"],
  maker: Maker,
): Promise<InProcessResult> {
  const returned = (await program()) ?? {};
  const outputs: Record<string, unknown> = {};
  const secretOutputs: string[] = [];
  for (const [name, value] of Object.entries(returned)) {
    const output = sdk.output(value);
    outputs[name] = await valueOf(output);
    if (await sdk.isSecret(output)) secretOutputs.push(name);
  }
  await sdk.runtime.disconnect(false);
  return { outputs, secretOutputs, changes: { create: maker.created } };
}

function valueOf(output: pulumi.Output<unknown>): Promise<unknown> {
  return new Promise((resolve) => output.apply(resolve));
}

/** Makes resources as the program asks for them. After an error it makes no more. */
class Maker implements pulumi.runtime.Mocks {
  created = 0;
  /**
   * Rejects with the first error. Whatever waits for the failed resource waits forever, so that it does not
   * fail too.
   */
  readonly failed: Promise<never>;
  readonly #api: ManagementApi;
  readonly #underWay = new Set<Promise<unknown>>();
  #stopped = false;
  #fail: (reason: Error) => void = () => undefined;

  constructor(api: ManagementApi) {
    this.#api = api;
    this.failed = new Promise<never>((_resolve, reject) => (this.#fail = reject));
    // The race may be over before an error comes. Nobody handles that one, so catch it.
    this.failed.catch(() => undefined);
  }

  newResource(args: MockResourceArgs): Promise<{ id: string; state: Props }> {
    // SAFETY: the inputs of a resource are a property map; the SDK types them `any`.
    const inputs = args.inputs as Props;
    if (args.custom === false || args.type.startsWith("pulumi:")) {
      return Promise.resolve({ id: `${args.name}-id`, state: inputs });
    }
    return new Promise((resolve) => {
      if (this.#stopped) return;
      const making = this.#make(args, inputs).then(resolve, (error: unknown) => this.#stop(args, error));
      this.#underWay.add(making);
    });
  }

  call({ token }: pulumi.runtime.MockCallArgs): Promise<Props> {
    // There is no state, so there is no earlier deployment.
    if (token === "pulumi:pulumi:readStackResourceOutputs") return Promise.resolve({ outputs: {} });
    this.#stopped = true;
    this.#fail(new Error(`Without a Pulumi CLI no functions can be called, but the program calls ${token}.`));
    return new Promise(() => undefined);
  }

  /** Waits for running requests, so that nothing is made after the end. */
  async settled(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#underWay);
  }

  async #make(args: MockResourceArgs, given: Props): Promise<{ id: string; state: Props }> {
    const type = resourceType(args.type);
    const { inputs, failures } = checkInputs(type, given, {}, args.name);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
    const { id, state } = await createResource(type, this.#api, inputs);
    this.created += 1;
    return { id, state: Object.fromEntries(Object.entries(state).filter(([key]) => !key.startsWith("__"))) };
  }

  #stop({ type, name }: MockResourceArgs, error: unknown): void {
    this.#stopped = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#fail(new Error(`${type} ${name}: ${reason}`, { cause: error }));
  }
}

const REFUSING: pulumi.runtime.Mocks = {
  newResource: ({ type, name }) => {
    throw new Error(`${type} ${name} was asked for after its deployment had ended.`);
  },
  call: ({ token }) => {
    throw new Error(`${token} was called after its deployment had ended.`);
  },
};
