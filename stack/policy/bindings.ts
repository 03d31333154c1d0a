/** Our Action's name on the tenant and in the login flow. */
export const actionName = "Enrich JWT with Groups from AD";

/** An Action that runs at sign-in: its id in the tenant and the name shown in the flow. */
export interface Binding<Id = string> {
  readonly actionId: Id;
  readonly displayName: string;
}

/**
 * Who owns the list of Actions that run at sign-in: only this stack (`exclusive`), or several owners, each of
 * whom adds and removes its own Action (`shared`).
 */
export type BindingMode = "exclusive" | "shared";

/**
 * The whole list of Actions of the post-login trigger, in the order in which they run.
 *
 * The trigger has one list, and it is always written as a whole. So an Action of another team is unbound if
 * neither `before` nor `after` names it.
 *
 * @param own Our Action, or `undefined` to leave it unbound.
 */
export function loginFlowBindings<Id>(
  before: readonly Binding<Id>[],
  own: Binding<Id> | undefined,
  after: readonly Binding<Id>[],
): Binding<Id>[] {
  return [...before, ...(own === undefined ? [] : [own]), ...after];
}
