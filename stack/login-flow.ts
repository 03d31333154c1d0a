import * as auth0 from "@pulumi/auth0";
import * as pulumi from "@pulumi/pulumi";
import type { Bundle } from "./bundle.ts";
import { type Binding, loginFlowBindings } from "./policy/bindings.ts";

/** What the login flow is made of. */
export interface LoginFlowArgs {
  /** The Action's name in the tenant and in the flow. */
  readonly displayName: string;
  readonly bundle: Bundle;
  /** What the Action reads as `event.secrets`; every value becomes a secret here. */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Which Actions run at sign-in. */
export interface LoginFlowBindings {
  /** Actions that exist already and run before ours. */
  readonly before: readonly Binding[];
  /** Actions that exist already and run after ours. */
  readonly after: readonly Binding[];
  /** Whether our Action is part of the flow. */
  readonly bind: boolean;
  /** The rest of the stack: the flow changes after it, and is the first to go. */
  readonly waitFor: readonly pulumi.Resource[];
}

/**
 * The post-login Action, and the whole list of Actions that run at sign-in.
 */
export class LoginFlow extends pulumi.ComponentResource {
  readonly actionId: pulumi.Output<string>;
  /** The Action itself, for those that have to come after it. */
  readonly action: auth0.Action;
  readonly #name: string;
  readonly #displayName: string;

  constructor(name: string, args: LoginFlowArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workforce-sso:index:LoginFlow", name, {}, opts);
    this.#name = name;
    this.#displayName = args.displayName;
    this.action = new auth0.Action(
      `${name}-action`,
      {
        name: args.displayName,
        supportedTriggers: { id: "post-login", version: "v3" },
        runtime: "node22",
        code: args.bundle.code,
        dependencies: args.bundle.dependencies,
        secrets: Object.entries(args.secrets).map(([name, value]) => ({ name, value: pulumi.secret(value) })),
        deploy: true,
      },
      { parent: this },
    );
    this.actionId = this.action.id;
    this.registerOutputs({ actionId: this.actionId });
  }

  /**
   * Puts the Action into the flow. It is a call of its own because the connections come between the two: an employee of a new
   * connection may sign in only when the Action knows it, and nobody meets the Action before everything is there.
   */
  bind(args: LoginFlowBindings): void {
    const own = { actionId: this.actionId, displayName: this.#displayName };
    const bindings = loginFlowBindings<pulumi.Input<string>>(
      args.before,
      args.bind ? own : undefined,
      args.after,
    );
    // An empty list is no list: the plugin writes it as `null`, which is no list for Auth0, and its deletion as `[]`.
    if (bindings.length > 0) {
      new auth0.TriggerActions(
        `${this.#name}-bindings`,
        {
          trigger: "post-login",
          actions: bindings.map(({ actionId, displayName }) => ({ id: actionId, displayName })),
        },
        { parent: this, dependsOn: [...args.waitFor], ...bindingOptions(args) },
      );
    }
  }
}

/**
 * How the list of Actions leaves the tenant. Deleting it empties the trigger, also of what other teams have bound, so:
 *
 * - while Actions of others are in it, it is protected, and `pulumi destroy` is refused with a line that names it;
 * - with our Action taken out (`bindAction: false`, then an update) it holds only theirs, and `pulumi destroy` forgets it and
 *   leaves it in the tenant as it is.
 *
 * Both flags are kept in the state: a destroy does not run this program, so a hook could not stand guard. The engine refuses
 * one resource at a time, and without a preview it goes on with all that is not in the way: the list comes after the whole
 * stack, so it is the first to be deleted and nothing goes while it cannot.
 */
function bindingOptions(args: LoginFlowBindings): pulumi.CustomResourceOptions {
  if (!args.bind) return { retainOnDelete: true };
  return args.before.length + args.after.length > 0 ? { protect: true } : {};
}
