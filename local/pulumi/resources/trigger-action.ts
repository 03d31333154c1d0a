import type { BoundAction } from "./bindings.ts";
import { bindingsPath, boundActions, readBindings, toBindings, TRIGGERS } from "./bindings.ts";
import type { ManagementApi } from "./management-api.ts";
import { ignoreMissing, segment } from "./management-api.ts";
import type { Change, ResourceType } from "./resource-type.ts";
import type { Fields } from "./schema.ts";
import type { Props } from "./values.ts";

const fields: Fields = {
  actionId: { kind: "string", required: true, replaces: true },
  displayName: { kind: "string", computed: true },
  trigger: { kind: "string", required: true, replaces: true, oneOf: TRIGGERS },
};

/**
 * One Action of those that are bound to a trigger; its id is `TRIGGER::ACTION`. The Management API has only
 * the whole list. So every change reads the list, changes the one entry, and sends the others back as they
 * were.
 */
export const triggerActionType: ResourceType = {
  token: "auth0:index/triggerAction:TriggerAction",
  fields,

  /** Appends the Action. One that is bound already stays where it is, under the name that it has. */
  async create(api: ManagementApi, inputs: Props, made: (id: string) => void) {
    const trigger = String(inputs["trigger"]);
    const actionId = String(inputs["actionId"]);
    const id = `${trigger}::${actionId}`;
    const bound = await firstPage(api, trigger);
    if (!bound.some((entry) => entry.id === actionId)) {
      const displayName = inputs["displayName"] || (await nameOf(api, actionId));
      await bind(api, trigger, [...bound, { id: actionId, displayName }]);
    }
    made(id);
    return { id, outputs: orGone(id, await readOutputs(api, id)) };
  },

  async read(api: ManagementApi, id: string) {
    return ignoreMissing(readOutputs(api, id));
  },

  async update(api: ManagementApi, id: string, { olds, news }: Change) {
    const { trigger, actionId } = partsOf(id);
    const bound = await readBindings(api, trigger);
    if (!bound.some((entry) => entry.id === actionId)) return orGone(id, undefined);
    const displayName = news["displayName"] ?? olds["displayName"];
    const wanted = bound.map((entry) => (entry.id === actionId ? { id: actionId, displayName } : entry));
    await bind(api, trigger, wanted);
    return orGone(id, await readOutputs(api, id));
  },

  async delete(api: ManagementApi, id: string) {
    const { trigger, actionId } = partsOf(id);
    const bound = await ignoreMissing(firstPage(api, trigger));
    if (bound === undefined) return;
    const others = bound.filter((entry) => entry.id !== actionId);
    await api.patchIfThere(bindingsPath(trigger), { bindings: toBindings(others) });
  },
};

/** At a create and a delete the plugin reads only the first page. */
async function firstPage(api: ManagementApi, trigger: string): Promise<BoundAction[]> {
  return boundActions(await api.get(`${bindingsPath(trigger)}?per_page=50`));
}

async function bind(api: ManagementApi, trigger: string, actions: readonly BoundAction[]): Promise<void> {
  await api.patch(bindingsPath(trigger), { bindings: toBindings(actions) });
}

async function nameOf(api: ManagementApi, actionId: string): Promise<unknown> {
  return (await api.get(`/actions/actions/${segment(actionId)}`))["name"];
}

async function readOutputs(api: ManagementApi, id: string): Promise<Props | undefined> {
  const { trigger, actionId } = partsOf(id);
  const own = (await readBindings(api, trigger)).find((entry) => entry.id === actionId);
  return own === undefined ? undefined : { actionId, displayName: own.displayName, trigger };
}

function orGone(id: string, outputs: Props | undefined): Props {
  if (outputs !== undefined) return outputs;
  throw new Error(`${id} is not bound any more. To see what the tenant has, type: pulumi refresh`);
}

/** @throws {Error} for an id of another shape, such as one that a person has typed for an import. */
function partsOf(id: string): { trigger: string; actionId: string } {
  const [trigger, actionId, ...rest] = id.split("::");
  if (trigger !== undefined && actionId !== undefined && rest.length === 0) return { trigger, actionId };
  throw new Error(`The id "${id}" must be formatted as <trigger>::<action_id>`);
}
