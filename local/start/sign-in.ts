import { applicationNames, localConfig } from "../pulumi/engine/config.ts";
import { signIn, SignInError } from "../../packages/local-tenant/src/lib/sign-in.ts";
import type { ConnectionEntity } from "../../packages/local-tenant/src/store/entities.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { connectionsOf } from "../../packages/local-tenant/src/directory/enabled-connections.ts";
import { directoryBehind, groupsOf } from "../../packages/local-tenant/src/directory/directory.ts";
import type { Employee } from "../../packages/local-tenant/src/directory/directory.ts";
import type { Trace } from "../../packages/local-tenant/src/sessions/traces.ts";
import type { Tenant } from "../../packages/local-tenant/src/tenant.ts";
import type { Deployment } from "./deployment.ts";
import { nearest } from "../../packages/local-tenant/src/lib/nearest.ts";
import type { Report } from "./report.ts";

/** The part of the report that one sign-in gives. */
export type SignInReport = Pick<
  Report,
  "employee" | "application" | "claims" | "groupsClaim" | "groups" | "trace"
>;

/** Who signs in, and to what. */
export interface SignInRequest {
  readonly employee: Employee;
  /** Name of the application; the stack's first unless given. */
  readonly application?: string;
}

/**
 * Signs an employee in to an application of the stack over HTTPS, as a browser would.
 * @throws {UserError} with the tenant's reason when it does not come to a token.
 */
export async function signInEmployee(
  root: string,
  tenant: Tenant,
  { outputs }: Deployment,
  request: SignInRequest,
): Promise<SignInReport> {
  const { issuer, directory } = tenant.context;
  const { employee } = request;
  const application = chooseApplication(root, request.application);
  const groupsClaim = String(outputs["groupsClaim"]);
  const client = {
    id: entry(outputs, "clientIds", application),
    secret: entry(outputs, "clientSecrets", application),
  };
  const connection = connectionOf(tenant, client.id, { employee, application });
  try {
    const { claims } = await signIn({
      issuer,
      ca: tenant.ca,
      client,
      redirectUri: `${issuer}_local/callback`,
      ...(connection === undefined ? {} : { connection: connection.name }),
      employee: employee.email,
    });
    const nested = connection?.options["ext_nested_groups"] === true;
    const home = connection === undefined ? directory : directoryBehind(directory, connection);
    const groups = groupsOf(home, employee, { nested }).map((group) => group.name);
    return {
      employee: employee.email,
      application,
      claims,
      groupsClaim,
      groups,
      trace: newestTrace(tenant),
    };
  } catch (error) {
    throw new UserError(signInComplaint(error, employee, newestTrace(tenant)));
  }
}

/**
 * The name of the application to sign in to: the one that was asked for, else the stack's first.
 * @throws {UserError} when the stack has no application of that name.
 */
export function chooseApplication(root: string, wanted: string | undefined): string {
  const names = applicationNames(localConfig(root, { domain: "localhost" }));
  if (wanted === undefined) return names[0] ?? "";
  if (names.includes(wanted)) return wanted;
  const guess = nearest(wanted, names);
  const hint = guess === undefined ? "" : ` Did you mean ${guess}?`;
  throw new UserError(
    `The stack has no application "${wanted}".${hint} Pulumi.dev.yaml has ${names.join(", ")}.`,
  );
}

/**
 * The application's connection to the directory that has the employee; `undefined` where the application is not on the tenant, or has no
 * connection at all, which the sign-in then says.
 * @throws {UserError} when the application has connections to other directories only.
 */
function connectionOf(
  tenant: Tenant,
  clientId: string,
  { employee, application }: { employee: Employee; application: string },
): ConnectionEntity | undefined {
  const { store, directory } = tenant.context;
  const client = store.tables.clients.get(clientId);
  const enabled = client === undefined ? [] : connectionsOf(tenant.context, client);
  const own = enabled.find((connection) =>
    directoryBehind(directory, connection).employees.some(({ id }) => id === employee.id),
  );
  if (own !== undefined || enabled.length === 0) return own;
  const companies = enabled.map((connection) => directoryBehind(directory, connection).company);
  throw new UserError(
    `${employee.email} cannot sign in to ${application}, which lets in ${[...new Set(companies)].join(", ")} alone. Choose somebody else with ` +
      "--employee, another application with --application, or change its directories.",
  );
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

function entry(outputs: Readonly<Record<string, unknown>>, output: string, name: string): string {
  // SAFETY: these two outputs are maps of strings by application.
  const value = (outputs[output] as Readonly<Record<string, string>> | undefined)?.[name];
  if (value === undefined) throw new Error(`The stack's output ${output} has no "${name}".`);
  return value;
}
