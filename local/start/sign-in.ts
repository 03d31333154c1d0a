import { localConfig, projectDefaults } from "../pulumi/engine/config.ts";
import { PROJECT } from "../pulumi/engine/paths.ts";
import { signIn, SignInError } from "../sign-in.ts";
import { UserError } from "../tenant/errors.ts";
import { groupsOf } from "../tenant/login/directory.ts";
import type { Employee } from "../tenant/login/directory.ts";
import type { Trace } from "../tenant/login/traces.ts";
import type { Tenant } from "../tenant/tenant.ts";
import type { Deployment } from "./deployment.ts";
import type { Report } from "./report.ts";

/** The part of the report that one sign-in gives. */
export type SignInReport = Pick<Report, "employee" | "claims" | "groupsClaim" | "groups" | "trace">;

/**
 * Signs an employee in to the stack's first application over HTTPS, as a browser would.
 * @throws {UserError} with the tenant's reason when it does not come to a token.
 */
export async function signInEmployee(
  root: string,
  tenant: Tenant,
  { outputs }: Deployment,
  employee: Employee,
): Promise<SignInReport> {
  const { domain, issuer, directory } = tenant.context;
  const config = { ...projectDefaults(root), ...localConfig(root, { domain }) };
  const application = firstApplication(config);
  const groupsClaim = String(outputs["groupsClaim"]);
  try {
    const { claims } = await signIn({
      issuer,
      ca: tenant.ca,
      client: {
        id: entry(outputs, "clientIds", application),
        secret: entry(outputs, "clientSecrets", application),
      },
      redirectUri: `${issuer}_local/callback`,
      connection: String(config[`${PROJECT}:connectionName`]),
      employee: employee.email,
    });
    const nested = config[`${PROJECT}:azureNestedGroups`] === true;
    const groups = groupsOf(directory, employee, { nested }).map((group) => group.name);
    return { employee: employee.email, claims, groupsClaim, groups, trace: newestTrace(tenant) };
  } catch (error) {
    throw new UserError(signInComplaint(error, employee, newestTrace(tenant)));
  }
}

function signInComplaint(error: unknown, employee: Employee, trace: Trace | undefined): string {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof SignInError) {
    const runs =
      trace?.actions.flatMap((run) => (run.error === undefined ? [] : [`${run.name}: ${run.error}`])) ?? [];
    return `${employee.email} could not sign in: ${[message, ...runs].join("; ")}`;
  }
  return (
    `${employee.email} could not sign in: ${message} If the tenant was changed by hand, npm run pulumi -- refresh and another ` +
    "npm start mend it, or begin anew with --reset."
  );
}

function newestTrace(tenant: Tenant): Trace | undefined {
  return tenant.context.signIns.traces.list()[0];
}

function firstApplication(config: Readonly<Record<string, unknown>>): string {
  // SAFETY: the stack has been deployed with this list, which checks that it is one of named applications.
  const applications = config[`${PROJECT}:applications`] as readonly { readonly name: string }[];
  return applications[0]?.name ?? "";
}

function entry(outputs: Readonly<Record<string, unknown>>, output: string, name: string): string {
  // SAFETY: these two outputs are maps of strings by application.
  const value = (outputs[output] as Readonly<Record<string, string>> | undefined)?.[name];
  if (value === undefined) throw new Error(`The stack's output ${output} has no "${name}".`);
  return value;
}
