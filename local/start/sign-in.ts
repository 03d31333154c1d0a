import { applicationNames, localConfig } from "../pulumi/engine/config.ts";
import { signIn, SignInError } from "../sign-in.ts";
import type { ConnectionEntity } from "../tenant/entities.ts";
import { UserError } from "../tenant/errors.ts";
import { connectionForEmail, connectionsOf } from "../tenant/login/connections.ts";
import { groupsOf } from "../tenant/login/directory.ts";
import type { Employee } from "../tenant/login/directory.ts";
import type { Trace } from "../tenant/login/traces.ts";
import type { Tenant } from "../tenant/tenant.ts";
import type { Deployment } from "./deployment.ts";
import { nearest } from "./nearest.ts";
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
  const connection = connectionOf(tenant, client.id, employee);
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
    const groups = groupsOf(directory, employee, { nested }).map((group) => group.name);
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

/** The employee's directory among those that the application may use: by the domain of the e-mail, else the first. */
function connectionOf(tenant: Tenant, clientId: string, employee: Employee): ConnectionEntity | undefined {
  const client = tenant.context.store.tables.clients.get(clientId);
  if (client === undefined) return undefined;
  const enabled = connectionsOf(tenant.context, client);
  return connectionForEmail(enabled, employee.email) ?? enabled[0];
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
