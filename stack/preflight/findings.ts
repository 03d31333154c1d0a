import type { Finding, Imported } from "./finding.ts";
import { loginFlowFindings, type PlannedBinding } from "./login-flow.ts";
import type { Named, TenantLook } from "./look.ts";
import { componentType } from "../component-type.ts";

/** What is going to happen to one resource of the stack. */
export interface Change {
  readonly operation: "create" | "update";
  /** The type's token, such as `auth0:index/client:Client`. */
  readonly type: string;
  /** The resource's name in the program. */
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Types of resources whose names may be taken in the tenant already, and those of the login flow. */
export const TYPES = {
  action: "auth0:index/action:Action",
  bindings: "auth0:index/triggerActions:TriggerActions",
  binding: "auth0:index/triggerAction:TriggerAction",
  client: "auth0:index/client:Client",
  connection: "auth0:index/connection:Connection",
} as const;

/** The stack's own names in the flow. */
export interface Own {
  /** The Action's name in the tenant. */
  readonly action: string;
  /** Whether the stack owns the whole list of the flow, or only its own entry. */
  readonly mode: "exclusive" | "shared";
}

/** What a change would take from others, or on what it would fail. */
export function findingsOf(change: Change, look: TenantLook, own: Own): Finding[] {
  switch (change.type) {
    case TYPES.bindings:
      return loginFlowFindings(change.name, own.action, plannedBindings(change, own), look.bindings ?? []);
    case TYPES.binding:
      return own.mode === "shared" ? boundAlready(change, look, own) : [];
    case TYPES.action:
      return exists(change, look.actions, {
        what: "an Action",
        parent: "LoginFlow",
        instead: "rename or delete that one, if it is not this stack's",
      });
    case TYPES.connection:
      return exists(change, look.connections, {
        what: "a connection",
        parent: "EnterpriseConnection",
        instead: "choose another connectionName",
      });
    case TYPES.client: {
      const machine = change.inputs["appType"] === "non_interactive";
      return exists(change, look.clients, {
        what: "a client",
        parent: machine ? "MachineClient" : "Application",
        instead: machine ? "increase machineClientGeneration by one" : "choose another displayName",
      });
    }
    default:
      return [];
  }
}

interface Kind {
  readonly what: string;
  /** The component's type, without its package. */
  readonly parent: string;
  /** What to do if it belongs to somebody else. */
  readonly instead: string;
}

/**
 * Only what is not in the stack's state is created. So if the tenant has something of the same name, it does
 * not belong to the stack, or the state does not know it.
 */
function exists(change: Change, things: readonly Named[] | undefined, kind: Kind): Finding[] {
  if (change.operation !== "create") return [];
  const { name } = change.inputs;
  return (things ?? [])
    .filter((thing) => thing.name === name)
    .map(({ id }) => ({
      text:
        `${change.name} would be made, but the tenant already has ${kind.what} of the name ${JSON.stringify(name)}: ${id}. ` +
        `Import it, or ${kind.instead}.`,
      imported: importedAs(change, id, kind.parent),
    }));
}

/**
 * In shared mode our entry is made in the flow. If our Action is bound but the entry is not in the state, the
 * state may be one of version 0.1.0. The engine would delete its list in the same update, which unbinds
 * everybody.
 */
function boundAlready(change: Change, look: TenantLook, own: Own): Finding[] {
  const bound = look.bindings?.find(({ name }) => name === own.action);
  if (change.operation !== "create" || bound === undefined) return [];
  return [
    {
      text:
        `${change.name} would be made, but ${JSON.stringify(own.action)} (${bound.actionId}) is bound already. If version 0.1.0 of ` +
        "this stack bound it, the same update would delete its list of Actions and unbind everybody: run one up with " +
        "postLoginBinding: exclusive first. If it was bound by hand, import it.",
      imported: importedAs(change, `post-login::${bound.actionId}`, "LoginFlow"),
    },
  ];
}

/** Children have the name of their component, followed by their role. */
function importedAs({ type, name }: Change, id: string, parent: string): Imported {
  const component = name.replace(/-(?:action|binding|client|connection)$/, "");
  return { type, name, id, parent: { type: componentType(parent), name: component } };
}

function plannedBindings({ inputs }: Change, own: Own): PlannedBinding[] {
  const { actions } = inputs;
  return (Array.isArray(actions) ? actions : []).map((entry: unknown) => {
    // SAFETY: the inputs of this type are a list of objects with texts; an id that is not known yet is not a
    // text.
    const { id, displayName } = entry as { id: unknown; displayName: unknown };
    const name = typeof displayName === "string" ? displayName : "";
    return { displayName: name, own: name === own.action, ...(typeof id === "string" && { actionId: id }) };
  });
}
