import { fieldChanged } from "./diff.ts";
import { inputsOf } from "./inputs.ts";
import type { ManagementApi } from "./management-api.ts";
import { askedOutputs, finishOutputs } from "./outputs.ts";
import type { ResourceType } from "./resource-type.ts";
import type { Props } from "./values.ts";
import { revealProps } from "./values.ts";

/**
 * A resource that the tenant has, although its creation has failed later. Pulumi keeps it and continues at
 * the next update.
 */
export class PartialCreate extends Error {
  override readonly name = "PartialCreate";
  readonly id: string;
  readonly state: Props;

  constructor(id: string, state: Props, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.id = id;
    this.state = state;
  }
}

/**
 * Makes a resource from checked inputs.
 * @throws {PartialCreate} for an error after the tenant had stored it.
 */
export async function createResource(
  type: ResourceType,
  api: ManagementApi,
  inputs: Props,
): Promise<{ id: string; state: Props }> {
  const plain = revealProps(inputs);
  let made: string | undefined;
  try {
    const { id, outputs } = await type.create(api, plain, (id) => (made = id));
    return { id, state: finishOutputs(type, id, outputs, { asked: plain, created: true, inputs }) };
  } catch (error) {
    if (made === undefined) throw error;
    throw new PartialCreate(made, finishOutputs(type, made, askedOutputs(type, plain), { inputs }), error);
  }
}

/**
 * The tenant's view of a resource, or undefined where it is gone. Without a state it is an import, which
 * gives the inputs too.
 */
export async function readResource(
  type: ResourceType,
  api: ManagementApi,
  id: string,
  state: Props,
  inputs: Props,
): Promise<{ state: Props; inputs: Props } | undefined> {
  const known = Object.keys(state).length > 0;
  const outputs = await type.read(api, id, known ? revealProps(state) : undefined);
  if (outputs === undefined) return undefined;
  const read = finishOutputs(type, id, outputs, { inputs: state });
  return { state: read, inputs: inputsOf(type, read, known ? inputs : undefined) };
}

/** Brings a resource from its state to new inputs, in place. */
export async function updateResource(
  type: ResourceType,
  api: ManagementApi,
  id: string,
  state: Props,
  inputs: Props,
): Promise<Props> {
  const olds = revealProps(state);
  const news = revealProps(inputs);
  const changed = (name: string): boolean => {
    const field = type.fields[name];
    return field !== undefined && fieldChanged(field, olds[name], news[name]);
  };
  const outputs = await type.update(api, id, { olds, news, changed });
  return finishOutputs(type, id, outputs, { asked: olds, inputs });
}

export async function deleteResource(
  type: ResourceType,
  api: ManagementApi,
  id: string,
  state: Props,
): Promise<void> {
  await type.delete(api, id, revealProps(state));
}
