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
 * Has the engine ask, before it makes or changes anything of the stack, what of other people it would hit on the tenant, and stop
 * there. To be called before any resource is made.
 *
 * Resource hooks are the only place that knows what is not in the stack's state: the engine runs a create hook for nothing else. They
 * run in a preview too. The names of hooks stay in the state, where nothing reads them: neither a destroy nor a program that registers
 * none is stopped by them.
 *
 * A preview goes on after a finding, and ends with all of them; an update stops at the first.
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

/** In a preview alone: comes after everything else, and stops it with what was found. */
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

/** The engine calls from outside of the program, so the callback takes the program's context along. */
function hookNamed(name: string, callback: pulumi.ResourceHookFunction): pulumi.ResourceHook {
  return new pulumi.ResourceHook(name, AsyncResource.bind(callback), { onDryRun: true });
}

/** Without an engine (mocks, and a deployment in process) nobody calls hooks, and the SDK waits for their registration for ever. */
function runsHooks(): boolean {
  const monitor: unknown = pulumi.runtime.getMonitor();
  return typeof monitor === "object" && monitor !== null && "registerResourceHook" in monitor;
}

/**
 * Asks the tenant once, at the first need, and says once what could not be asked. The credentials are read before: they are
 * the program's, and a hook may run when the program has returned.
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
