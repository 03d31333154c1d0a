import { AsyncResource } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import { type Access, readAccess } from "./access.ts";
import type { Finding } from "./finding.ts";
import { type Change, findingsOf, type Own, TYPES } from "./findings.ts";
import { lookAtTenant, type TenantLook } from "./look.ts";
import { reportOf } from "./report.ts";
import { componentType } from "../component-type.ts";

/** Whom the preflight guards. */
export interface PreflightOptions extends Own {
  /** The tenant's own host and port. */
  readonly domain: string;
}

/**
 * Makes the engine ask the tenant, before it makes or changes a resource of the stack, what that would take
 * from others. If it would take something, the engine stops there. Call this before any resource is made.
 *
 * It uses resource hooks, because only they know what is not in the stack's state: the engine runs a create
 * hook only for that. They run in a preview too. The names of hooks stay in the state, but nothing reads them
 * there, so they stop neither a destroy nor a program that registers no hooks.
 *
 * A preview continues after a finding and shows all of them at its end. An update stops at the first one.
 */
export function watchTenant(options: PreflightOptions): void {
  if (!runsHooks()) return;
  const { domain } = options;
  const preview = pulumi.runtime.isDryRun();
  const where = { stack: pulumi.getStack(), project: pulumi.getProject() };
  const resources: pulumi.Resource[] = [];
  const findings: Finding[] = [];
  const ask = asker(domain);
  const hook = (operation: Change["operation"]) =>
    hookNamed(`preflight-${operation}`, async ({ type, name, newInputs }) => {
      const found = findingsOf({ operation, type, name, inputs: newInputs ?? {} }, await ask(), options);
      if (found.length === 0) return;
      const first = findings.length === 0;
      findings.push(...found);
      if (!preview) throw new Error(reportOf(findings, domain, where));
      if (first) new Verdict(resources, () => reportOf(findings, domain, where));
    });
  const hooks = { beforeCreate: [hook("create")], beforeUpdate: [hook("update")] };
  const watched = new Set<string>(Object.values(TYPES));
  pulumi.runtime.registerStackTransformation(({ resource, type, props, opts }) => {
    if (!type.startsWith("auth0:")) return undefined;
    resources.push(resource);
    return watched.has(type) ? { props, opts: { ...opts, hooks } } : undefined;
  });
}

/**
 * Only in a preview: a resource that comes after all others, and stops the preview with everything that was
 * found.
 */
class Verdict extends pulumi.ComponentResource {
  constructor(after: readonly pulumi.Resource[], report: () => string) {
    const stop = hookNamed("preflight", () => {
      throw new Error(report());
    });
    super(
      componentType("Preflight"),
      "preflight",
      {},
      { dependsOn: [...after], hooks: { beforeCreate: [stop] } },
    );
    this.registerOutputs({});
  }
}

/** The engine calls hooks from outside the program, so the callback is bound to the program's context. */
function hookNamed(name: string, callback: pulumi.ResourceHookFunction): pulumi.ResourceHook {
  return new pulumi.ResourceHook(name, AsyncResource.bind(callback), { onDryRun: true });
}

/**
 * Whether there is an engine that calls hooks. Under mocks and in a deployment in process there is none, and
 * the SDK would wait forever for the hooks' registration.
 */
function runsHooks(): boolean {
  const monitor: unknown = pulumi.runtime.getMonitor();
  return typeof monitor === "object" && monitor !== null && "registerResourceHook" in monitor;
}

/**
 * Asks the tenant once, when a hook first needs it, and says once what could not be asked. The credentials
 * are read now, because they are in the program's configuration, and a hook may run after the program has
 * returned.
 */
function asker(domain: string): () => Promise<TenantLook> {
  let look: Promise<TenantLook> | undefined;
  let access: Access | undefined;
  let refusal = "";
  try {
    access = readAccess(domain);
  } catch (error) {
    refusal = error instanceof Error ? error.message : String(error);
  }
  const ask = async (): Promise<TenantLook> => {
    const found = access === undefined ? { errors: [refusal] } : await lookAtTenant(access);
    if (found.errors.length > 0) {
      await pulumi.log.warn(
        `The preflight cannot see all of ${domain}, and stops nothing that it cannot see: ${found.errors.join("; ")}.`,
      );
    }
    return found;
  };
  return () => (look ??= ask());
}
