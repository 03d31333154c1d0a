import type { BoundAction } from "./bindings.ts";
import { bindingsPath, readBindings, toBindings, TRIGGERS } from "./bindings.ts";
import type { ManagementApi } from "./management-api.ts";
import { ignoreMissing } from "./management-api.ts";
import type { Change, ResourceType } from "./resource-type.ts";
import type { Fields } from "./schema.ts";
import type { Props } from "./values.ts";
import { isObject } from "./values.ts";

const fields: Fields = {
  actions: {
    kind: "blocks",
    required: true,
    fields: { displayName: { kind: "string", required: true }, id: { kind: "string", required: true } },
  },
  trigger: { kind: "string", required: true, replaces: true, oneOf: TRIGGERS },
};

/**
 * The whole list of Actions that are bound to a trigger. Its id is the trigger. Create overwrites the list,
 * delete empties it.
 */
export const triggerActionsType: ResourceType = {
  token: "auth0:index/triggerActions:TriggerActions",
  fields,

  async create(api: ManagementApi, inputs: Props, made: (id: string) => void) {
    const trigger = String(inputs["trigger"]);
    await bind(api, trigger, inputs["actions"]);
    made(trigger);
    return { id: trigger, outputs: await readOutputs(api, trigger) };
  },

  async read(api: ManagementApi, id: string) {
    return ignoreMissing(readOutputs(api, id));
  },

  async update(api: ManagementApi, id: string, { news }: Change) {
    await bind(api, id, news["actions"]);
    return readOutputs(api, id);
  },

  async delete(api: ManagementApi, id: string) {
    await api.patchIfThere(bindingsPath(id), { bindings: [] });
  },
};

async function bind(api: ManagementApi, trigger: string, actions: unknown): Promise<void> {
  const wanted = (Array.isArray(actions) ? actions.filter(isObject) : []).map(
    ({ id, displayName }): BoundAction => ({ id, displayName }),
  );
  // The plugin's empty list travels as null.
  await api.patch(bindingsPath(trigger), { bindings: wanted.length === 0 ? null : toBindings(wanted) });
}

async function readOutputs(api: ManagementApi, trigger: string): Promise<Props> {
  const actions = (await readBindings(api, trigger)).map(({ id, displayName }) => ({ displayName, id }));
  return { actions, trigger };
}
