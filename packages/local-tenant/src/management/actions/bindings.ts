import type { BindingEntity } from "../../store/entities.ts";
import { ManagementError } from "../../lib/errors.ts";
import type { TenantContext } from "../../context.ts";
import { ok, operation } from "../operation.ts";
import type { Operation } from "../operation.ts";
import { actionsAnswer, pageQuery } from "../paging.ts";
import { found } from "../not-found.ts";
import { updateBindings } from "./action-schema.ts";
import { listTriggers, triggerIds } from "./triggers.ts";
import { viewBoundAction } from "./action-view.ts";

interface BindingBody {
  display_name?: string;
  ref: { type: "action_id" | "action_name" | "binding_id"; value: string };
}

const triggers = operation({
  id: "triggers.list",
  method: "GET",
  path: "/actions/triggers",
  scopes: ["read:actions"],
  handle: () => ok({ triggers: listTriggers() }),
});

const list = operation({
  id: "triggers.bindings.list",
  method: "GET",
  path: "/actions/triggers/:triggerId/bindings",
  scopes: ["read:actions"],
  query: pageQuery,
  handle: ({ params, query, tenant }) => {
    const bindings = bindingsOf(tenant, checkTrigger(params["triggerId"]));
    return ok(actionsAnswer("bindings", bindings, query, (binding) => viewBinding(tenant, binding)));
  },
});

const update = operation<{ bindings: BindingBody[] }>({
  id: "triggers.bindings.update",
  method: "PATCH",
  path: "/actions/triggers/:triggerId/bindings",
  scopes: ["update:actions"],
  body: updateBindings,
  handle: ({ params, body, tenant }) => {
    const trigger = checkTrigger(params["triggerId"]);
    const { bindings } = tenant.store.tables;
    const bound = body.bindings.map((binding) => makeBinding(tenant, trigger, binding));
    bindings.replaceAll([...bindings.list((row) => row.trigger_id !== trigger), ...bound]);
    return ok({ bindings: bound.map((binding) => viewBinding(tenant, binding)) });
  },
});

export const bindingOperations: readonly Operation[] = [triggers, list, update];

function bindingsOf(tenant: TenantContext, trigger: string): BindingEntity[] {
  return tenant.store.tables.bindings.by("trigger", trigger);
}

function checkTrigger(trigger: string | undefined): string {
  return found(
    triggerIds.find((id) => id === trigger),
    "That trigger does not exist.",
  );
}

function makeBinding(
  tenant: TenantContext,
  trigger: string,
  { display_name, ref }: BindingBody,
): BindingEntity {
  const action = findReferred(tenant, trigger, ref);
  if (!action.supported_triggers.some((supported) => supported.id === trigger)) {
    throw new ManagementError(400, `The action ${action.name} does not support the trigger ${trigger}.`);
  }
  if (action.deployed_version_id === undefined) {
    throw new ManagementError(400, "An action must be deployed before it can be bound to a trigger.");
  }
  const date = new Date(tenant.now()).toISOString();
  return {
    id: tenant.ids.uuid(),
    trigger_id: trigger,
    action_id: action.id,
    display_name: display_name ?? action.name,
    created_at: date,
    updated_at: date,
  };
}

function findReferred(tenant: TenantContext, trigger: string, ref: BindingBody["ref"]) {
  const { actions, bindings } = tenant.store.tables;
  const binding = ref.type === "binding_id" ? bindings.get(ref.value) : undefined;
  const action =
    ref.type === "action_name"
      ? actions.find((row) => row.name === ref.value)
      : actions.get(ref.type === "action_id" ? ref.value : (binding?.action_id ?? ""));
  if (action !== undefined && (ref.type !== "binding_id" || binding?.trigger_id === trigger)) return action;
  throw new ManagementError(404, "That action does not exist.");
}

function viewBinding(tenant: TenantContext, binding: BindingEntity): Record<string, unknown> {
  const action = tenant.store.tables.actions.get(binding.action_id);
  const { id, trigger_id, created_at, updated_at, display_name } = binding;
  return {
    id,
    trigger_id,
    ...(action === undefined ? {} : { action: viewBoundAction(tenant.store, action) }),
    created_at,
    updated_at,
    display_name,
  };
}
