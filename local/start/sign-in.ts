import { directoryBehind, groupsOf, SignInError } from "../../packages/local-tenant/src/index.ts";
import type { Directory, Employee, EntraTenant, Tenant } from "../../packages/local-tenant/src/index.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { didYouMean } from "../../packages/local-tenant/src/lib/nearest.ts";
import type { ApplicationConfig, DirectoryConfig, StackConfig } from "../../stack/config.ts";
import type { Deployment } from "./deployment.ts";
import type { Report } from "./report.ts";

/** Who signs in to which application, and over which of its directories. */
export interface PlannedSignIn {
  readonly employee: Employee;
  readonly application: ApplicationConfig;
  readonly over: DirectoryConfig;
  readonly groupsClaim: string;
}

/** The part of the report that one sign-in gives. */
export type SignInReport = Pick<
  Report,
  "employee" | "application" | "claims" | "groupsClaim" | "groups" | "trace"
>;

/**
 * Chooses the requested application, else the stack's first, and the directory of it that has the employee.
 * @throws {UserError} if the stack has no application of that name, or the application is not for this
 * employee.
 */
export function planSignIn(
  { applications, directories, action: { groupsClaim } }: StackConfig,
  company: Directory,
  employee: Employee,
  wanted: string | undefined,
): PlannedSignIn {
  const application = chooseApplication(applications, wanted);
  const own = directories.filter(({ name }) => application.directories.includes(name));
  const over = own.find((directory) =>
    peopleBehind(company, directory).employees.some(({ id }) => id === employee.id),
  );
  if (over !== undefined) return { employee, application, over, groupsClaim };
  const companies = new Set(own.map((directory) => peopleBehind(company, directory).company));
  throw new UserError(
    `${employee.email} cannot sign in to ${application.name}, which lets in only ${[...companies].join(", ")}. Choose somebody else with ` +
      "--employee, another application with --application, or change its directories.",
  );
}

/**
 * Signs the employee in over HTTPS, as a browser would.
 * @throws {UserError} with the tenant's reason, if the sign-in ends without a token.
 */
export async function signInAsPlanned(
  tenant: Tenant,
  { outputs }: Deployment,
  { employee, application, over, groupsClaim }: PlannedSignIn,
  company: Directory,
): Promise<SignInReport> {
  try {
    const { claims, trace } = await tenant.signIn({
      https: true,
      application: clientIdOf(application, outputs),
      connection: over.connectionName,
      employee: employee.email,
      redirectUri: `${tenant.issuer}_local/callback`,
    });
    const nested = over.nestedGroups;
    const groups = groupsOf(peopleBehind(company, over), employee, { nested }).map(({ name }) => name);
    return { employee: employee.email, application: application.name, claims, groupsClaim, groups, trace };
  } catch (error) {
    throw new UserError(`${employee.email} could not sign in: ${complaint(error, tenant)}`);
  }
}

function chooseApplication(
  applications: readonly ApplicationConfig[],
  wanted: string | undefined,
): ApplicationConfig {
  const [first] = applications;
  const found = wanted === undefined ? first : applications.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  const names = applications.map(({ name }) => name);
  const hint = didYouMean(wanted ?? "", names);
  throw new UserError(
    `The stack has no application "${wanted}".${hint} Pulumi.dev.yaml has ${names.join(", ")}.`,
  );
}

function peopleBehind(company: Directory, { tenantDomain }: DirectoryConfig): EntraTenant {
  return directoryBehind(company, { options: { tenant_domain: tenantDomain } });
}

function complaint(error: unknown, tenant: Tenant): string {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof SignInError) {
    const [newest] = tenant.traces();
    const runs =
      newest?.actions.flatMap((run) => (run.error === undefined ? [] : [`${run.name}: ${run.error}`])) ?? [];
    return [message, ...runs].join("; ");
  }
  return (
    `${message} If the tenant was changed by hand, npm run pulumi -- refresh and another npm start repair it, ` +
    "or begin anew with --reset."
  );
}

function clientIdOf({ name }: ApplicationConfig, { clientIds }: Deployment["outputs"]): string {
  // SAFETY: this output is a map of strings by application.
  const id = (clientIds as Readonly<Record<string, string>> | undefined)?.[name];
  if (id === undefined) throw new Error(`The stack's output clientIds has no "${name}".`);
  return id;
}
