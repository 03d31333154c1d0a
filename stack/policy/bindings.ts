/** Our Action's name on the tenant and in the login flow. */
export const actionName = "Enrich JWT with Groups from AD";

/** An Action that runs at sign-in: its id in the tenant and the name shown in the flow. */
export interface Binding<Id = string> {
  readonly actionId: Id;
  readonly displayName: string;
}

/**
 * Who owns the list of Actions that run at sign-in: this stack alone (`exclusive`), or several who add and remove their own
 * (`shared`).
 */
export type BindingMode = "exclusive" | "shared";

/**
 * The whole list of Actions of the post-login trigger, in the order in which they run.
 *
 * The trigger has one list, and whoever writes it writes all of it: an Action of another team that is not named in `before`
 * or `after` is unbound.
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
