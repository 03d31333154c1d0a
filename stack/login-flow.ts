import * as auth0 from "@pulumi/auth0";
import * as pulumi from "@pulumi/pulumi";
import type { Bundle } from "./bundle.ts";
import { type Binding, type BindingMode, loginFlowBindings } from "./policy/bindings.ts";
import { componentType } from "./component-type.ts";

/** What the login flow is made of. */
export interface LoginFlowArgs {
  /** The Action's name in the tenant and in the flow. */
  readonly displayName: string;
  readonly bundle: Bundle;
  /** What the Action reads as `event.secrets`; every value becomes a secret here. */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  /** What the Action works with, and therefore comes after. */
  readonly needs: readonly pulumi.Resource[];
  /** The generation of the machine client that the secrets are of; absent without one. */
  readonly machineClientGeneration?: number;
}

/** Which Actions run at sign-in. */
export interface LoginFlowBindings {
  /** Who owns the list of Actions that run at sign-in. */
  readonly mode: BindingMode;
  /** Actions that exist already and run before ours; of `exclusive` alone. */
  readonly before: readonly Binding[];
  /** Actions that exist already and run after ours; of `exclusive` alone. */
  readonly after: readonly Binding[];
  /** Whether our Action is part of the flow. */
  readonly bind: boolean;
  /** Whether the engine refuses to take our Action out of the flow, which is the first step of a destroy. */
  readonly protect: boolean;
  /** The rest of the stack: the flow changes after it, and is the first to go. */
  readonly waitFor: readonly pulumi.Resource[];
}

/**
 * The post-login Action, and its place among the Actions that run at sign-in.
 */
export class LoginFlow extends pulumi.ComponentResource {
  readonly actionId: pulumi.Output<string>;
  /** The Action itself, for those that have to come after it. */
  readonly action: auth0.Action;
  readonly #name: string;
  readonly #displayName: string;

  constructor(name: string, args: LoginFlowArgs, opts?: pulumi.ComponentResourceOptions) {
    super(componentType("LoginFlow"), name, {}, opts);
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
      { parent: this, dependsOn: [...args.needs] },
    );
    this.actionId = this.action.id;
    const { machineClientGeneration: generation } = args;
    this.registerOutputs({
      actionId: this.actionId,
      // The next deployment reads this from the state. It is said only once the Action has the new secrets.
      ...(generation !== undefined && { machineClientGeneration: this.actionId.apply(() => generation) }),
    });
  }

  /**
   * Puts the Action into the flow. It is a call of its own because the connections come between the two: an employee of a new
   * connection may sign in only when the Action knows it, and nobody meets the Action before everything is there.
   *
   * Two resources have a part each. The whole list (`exclusive` alone) says what runs at sign-in and in which order. The plugin's
   * deletion of it empties the trigger, also of what other teams have bound by hand, so it is never deleted in the tenant: the
   * engine forgets it. That flag is kept in the state, because a destroy does not run this program.
   *
   * Our own entry is what unbinds us, and nobody else, in both modes: its deletion takes our Action out of the list that the tenant
   * has then, and sends the rest back. It comes last of all, so it is the first to go. Since it is there in both modes, a change of
   * the mode unbinds nobody.
   */
  bind(args: LoginFlowBindings): void {
    const own = { actionId: this.actionId, displayName: this.#displayName };
    const bindings = loginFlowBindings<pulumi.Input<string>>(
      args.before,
      args.bind ? own : undefined,
      args.after,
    );
    const waitFor = [...args.waitFor];
    // Leave out an empty list: the plugin would send null, which Auth0 refuses.
    if (args.mode === "exclusive" && bindings.length > 0) {
      const list = new auth0.TriggerActions(
        `${this.#name}-bindings`,
        {
          trigger: "post-login",
          actions: bindings.map(({ actionId, displayName }) => ({ id: actionId, displayName })),
        },
        { parent: this, dependsOn: [...waitFor], retainOnDelete: true },
      );
      waitFor.push(list);
    }
    if (!args.bind) return;
    new auth0.TriggerAction(
      `${this.#name}-binding`,
      { trigger: "post-login", actionId: own.actionId, displayName: own.displayName },
      { parent: this, dependsOn: waitFor, protect: args.protect },
    );
  }
}
