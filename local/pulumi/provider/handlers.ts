import type { CheckFailure } from "../resources/check.ts";
import { checkInputs } from "../resources/check.ts";
import type { PropertyDiff } from "../resources/diff.ts";
import { diffResource } from "../resources/diff.ts";
import { createResource, deleteResource, readResource, updateResource } from "../resources/lifecycle.ts";
import { ManagementApi } from "../resources/management-api.ts";
import { plannedOutputs } from "../resources/outputs.ts";
import { resourceType } from "../resources/registry.ts";
import type { ResourceType } from "../resources/resource-type.ts";
import type { Props } from "../resources/values.ts";
import { DEFAULTS, UNKNOWN } from "../resources/values.ts";
import { readAccess } from "./configuration.ts";

export interface DiffResult {
  readonly properties: Map<string, PropertyDiff>;
  /**
   * Whether the old one must be deleted first, because the program has chosen its name and the new one needs
   * it.
   */
  readonly deleteBeforeReplace: boolean;
}

/** The provider protocol's operations on plain property maps; `service.ts` puts them on the wire. */
export class Handlers {
  readonly #environment: NodeJS.ProcessEnv;
  #api: ManagementApi | undefined;
  #running = new AbortController();

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
  }

  /** Sends no request. @throws {Error} for a domain that is not on this machine, and for missing settings. */
  configure(settings: Props): void {
    this.#api?.close();
    this.#running = new AbortController();
    this.#api = new ManagementApi(readAccess(settings, this.#environment), { signal: this.#running.signal });
  }

  /** Ends waits and retries. Running requests are finished, so that what they make gets into the state. */
  cancel(): void {
    this.#running.abort(new Error("The deployment was cancelled."));
  }

  check(urn: string, olds: Props, news: Props): { inputs: Props; failures: CheckFailure[] } {
    return checkInputs(typeOf(urn), news, olds, urn.split("::").at(-1));
  }

  diff(urn: string, state: Props, inputs: Props): DiffResult {
    const type = typeOf(urn);
    const properties = diffResource(type, state, inputs);
    const replaced = [...properties.values()].some(({ replaces }) => replaces);
    return { properties, deleteBeforeReplace: replaced && hasChosenName(type, inputs) };
  }

  async create(urn: string, inputs: Props, preview: boolean): Promise<{ id: string; state: Props }> {
    const type = typeOf(urn);
    if (preview) return { id: UNKNOWN, state: plannedOutputs(type, inputs) };
    return createResource(type, this.#configured(), inputs);
  }

  async read(
    urn: string,
    id: string,
    state: Props,
    inputs: Props,
  ): Promise<{ state: Props; inputs: Props } | undefined> {
    return readResource(typeOf(urn), this.#configured(), id, state, inputs);
  }

  async update(urn: string, id: string, state: Props, inputs: Props, preview: boolean): Promise<Props> {
    const type = typeOf(urn);
    if (preview) return plannedOutputs(type, inputs, state);
    return updateResource(type, this.#configured(), id, state, inputs);
  }

  async delete(urn: string, id: string, state: Props): Promise<void> {
    await deleteResource(typeOf(urn), this.#configured(), id, state);
  }

  #configured(): ManagementApi {
    if (this.#api === undefined) throw new Error("The provider has not been configured.");
    return this.#api;
  }
}

/** `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME` to the resource type of TYPE. */
function typeOf(urn: string): ResourceType {
  return resourceType(urn.split("::")[2]?.split("$").at(-1) ?? urn);
}

function hasChosenName(type: ResourceType, inputs: Props): boolean {
  const defaults = inputs[DEFAULTS];
  if (type.fields["name"]?.required !== true || inputs["name"] === undefined) return false;
  return Array.isArray(defaults) && !defaults.includes("name");
}
