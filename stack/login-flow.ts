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
  /** What the Action reads as `event.secrets`. Every value becomes a Pulumi secret here. */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  /** Resources that the Action uses, so it is made after them. */
  readonly needs: readonly pulumi.Resource[];
  /** The generation of the machine client whose secrets these are; absent if there is no such client. */
  readonly machineClientGeneration?: number;
}

/** Which Actions run at sign-in. */
export interface LoginFlowBindings {
  /** Who owns the list of Actions that run at sign-in. */
  readonly mode: BindingMode;
  /** Actions that exist already and run before ours. Used only with `exclusive`. */
  readonly before: readonly Binding[];
  /** Actions that exist already and run after ours. Used only with `exclusive`. */
  readonly after: readonly Binding[];
  /** Whether our Action is part of the flow. */
  readonly bind: boolean;
  /** Whether the engine refuses to take our Action out of the flow, which is the first step of a destroy. */
  readonly protect: boolean;
  /** The rest of the stack. The flow changes after it, and is removed before it. */
  readonly waitFor: readonly pulumi.Resource[];
}

/**
 * The post-login Action, and its place among the Actions that run at sign-in.
 */
export class LoginFlow extends pulumi.ComponentResource {
  readonly actionId: pulumi.Output<string>;
  /** The Action itself, for resources that must be made after it. */
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
      // The next deployment reads this from the state. Wait for the Action's id: before, it does not have the
      // new secrets.
      ...(generation !== undefined && { machineClientGeneration: this.actionId.apply(() => generation) }),
    });
  }

  /**
   * Puts the Action into the flow. This is a separate call because the connections are made after the Action
   * and before the flow: employees of a new connection may sign in only when the Action knows it, and the
   * Action may run only when everything it needs is there.
   *
   * It makes two resources. The whole list (only with `exclusive`) says what runs at sign-in and in which
   * order. When the plugin deletes the list it empties the trigger, and unbinds also what other teams have
   * bound by hand. So the list is never deleted in the tenant: the engine only forgets it. The state keeps
   * that flag, because a destroy does not run this program.
   *
   * Our own entry exists in both modes. Its deletion unbinds our Action and nobody else's: the plugin reads
   * the tenant's list, takes our Action out and sends the rest back. The entry is made last, so it is deleted
   * first. Because both modes have it, a change of the mode unbinds nobody.
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
