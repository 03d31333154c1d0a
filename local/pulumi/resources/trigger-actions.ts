import type { ManagementApi } from "./management-api.ts";
import { ignoreMissing, segment } from "./management-api.ts";
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
  trigger: {
    kind: "string",
    required: true,
    replaces: true,
    oneOf: [
      "post-login",
      "credentials-exchange",
      "pre-user-registration",
      "post-user-registration",
      "post-change-password",
      "send-phone-message",
      "password-reset-post-challenge",
      "custom-email-provider",
      "custom-phone-provider",
      "login-post-identifier",
      "signup-post-identifier",
    ],
  },
};

/** The whole list of what is bound to a trigger. Its id is the trigger; create overwrites, delete empties. */
export const triggerActionsType: ResourceType = {
  token: "auth0:index/triggerActions:TriggerActions",
  fields,

  async create(api: ManagementApi, inputs: Props, made: (id: string) => void) {
    const trigger = String(inputs["trigger"]);
    await bind(api, trigger, inputs["actions"]);
    made(trigger);
    return { id: trigger, outputs: await readBindings(api, trigger) };
  },

  async read(api: ManagementApi, id: string) {
    return ignoreMissing(readBindings(api, id));
  },

  async update(api: ManagementApi, id: string, { news }: Change) {
    await bind(api, id, news["actions"]);
    return readBindings(api, id);
  },

  async delete(api: ManagementApi, id: string) {
    await api.patchIfThere(pathOf(id), { bindings: [] });
  },
};

async function bind(api: ManagementApi, trigger: string, actions: unknown): Promise<void> {
  const bindings = (Array.isArray(actions) ? actions.filter(isObject) : []).map((action) => ({
    display_name: action["displayName"],
    ref: { type: "action_id", value: action["id"] },
  }));
  // The plugin's empty list travels as null.
  await api.patch(pathOf(trigger), { bindings: bindings.length === 0 ? null : bindings });
}

function pathOf(trigger: string): string {
  return `/actions/triggers/${segment(trigger)}/bindings`;
}

async function readBindings(api: ManagementApi, trigger: string): Promise<Props> {
  const actions: Props[] = [];
  for (let page = 0; ; page += 1) {
    const answer = await api.get(`${pathOf(trigger)}?page=${page}&per_page=100`);
    const bindings = answer["bindings"];
    for (const binding of Array.isArray(bindings) ? bindings.filter(isObject) : []) {
      const action = isObject(binding["action"]) ? binding["action"] : {};
      actions.push({ displayName: binding["display_name"] ?? "", id: action["id"] ?? "" });
    }
    if (!hasNext(answer)) return { actions, trigger };
  }
}

/** The SDK's rule. The live API's first page has a `total` and neither `start` nor `limit`, so a second page is asked for, which has no `total`. */
function hasNext({ next, total, start, limit }: Props): boolean {
  if (typeof next === "string" && next !== "") return true;
  return count(total) > count(start) + count(limit);
}

function count(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
