import { join } from "node:path";
import { effectivePolicy } from "../../action/effective-policy.ts";
import { selectGroups } from "../../action/policy.ts";
import program from "../../index.ts";
import { localConfig } from "../../local/pulumi/engine/config.ts";
import { PROJECT } from "../../local/pulumi/engine/paths.ts";
import { directoryBehind, groupsOf, loadDirectory } from "../../packages/local-tenant/src/index.ts";
import type { Employee } from "../../packages/local-tenant/src/index.ts";
import { deployProgram } from "../../review/claims/program.ts";
import { loadConfig } from "../../stack/config.ts";
import type { ApplicationConfig, DirectoryConfig, StackConfig } from "../../stack/config.ts";
import { Agent, answerOf, payloadOf } from "../../packages/local-tenant/test/support/oauth.ts";
import { startTestTenant } from "../../packages/local-tenant/test/support/tenant.ts";
import type { TestTenant } from "../../packages/local-tenant/test/support/tenant.ts";

/** The identifier of an API that tokens are asked for where the claim is in access tokens alone. */
const AUDIENCE = "https://api.of-a-test.example/";
/** How many employees are tried, of those whom the policy should give a group. */
const MOST_TRIED = 20;

/** A stack's file, deployed to a tenant of its own in memory. */
export interface DeployedConfiguration {
  readonly file: string;
  readonly config: StackConfig;
  readonly test: TestTenant;
  close(): Promise<void>;
}

type Claims = Readonly<Record<string, unknown>>;

/** One employee who may use an application, by the directory that they come from. */
interface Candidate {
  readonly employee: Employee;
  readonly directory: DirectoryConfig;
  /** Names of the groups that the directory has them in. */
  readonly has: readonly string[];
  /** What the policy should let through. */
  readonly expected: readonly string[];
}

/**
 * Names of a file's applications, for the titles of tests; none where it cannot be read, which its deployment
 * says.
 */
export function applicationsIn(root: string, file: string): string[] {
  try {
    const config = localConfig(root, { domain: "localhost", file });
    const applications = config[`${PROJECT}:applications`] as readonly { readonly name: unknown }[];
    return applications.map(({ name }) => String(name));
  } catch {
    return [];
  }
}

/**
 * Deploys what a stack's file says, with the project's employees in `local/directory.json`, to a tenant in
 * memory. Secrets need no passphrase, because each of them is replaced; the Actions that only the real tenant
 * has are replaced by ones that do nothing.
 * @throws {Error} whatever is wrong with the file, after its name.
 */
export async function deployConfiguration(root: string, file: string): Promise<DeployedConfiguration> {
  const directory = loadDirectory(join(root, "local", "directory.json"));
  const test = await startTestTenant({ directory });
  const { domain, store } = test.tenant.context;
  let config: StackConfig | undefined;
  try {
    const { values, secretKeys } = await deployProgram({
      root,
      file,
      tenant: { domain, ...store.deployer, ca: test.tenant.ca },
      program: () => {
        config = loadConfig();
        return program();
      },
    });
    refuseClearSecrets(values, secretKeys);
  } catch (error) {
    await test.close();
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (config === undefined) throw new Error(`${file}: the program has not run.`);
  return { file, config, test, close: () => test.close() };
}

/**
 * Signs an employee in to an application: one whom the policy gives a group, or, where there is nobody, any.
 * @param email Of the employee, where it has to be this one.
 * @returns the claims of the ID token.
 * @throws {Error} with the file, the application, the person and the claims when nobody gets in, or nobody
 * with a group.
 */
export async function signInTo(
  deployed: DeployedConfiguration,
  name: string,
  email?: string,
): Promise<Claims> {
  const application = deployed.config.applications.find((one) => one.name === name);
  if (application === undefined) throw new Error(`${deployed.file}: there is no application ${name}.`);
  const all = candidatesFor(deployed, application).filter(
    ({ employee }) => email === undefined || employee.email === email,
  );
  const promising = all.filter(({ expected }) => expected.length > 0);
  const fallback = all.find(({ has }) => has.length > 0) ?? all[0];
  const tried =
    promising.length > 0 ? promising.slice(0, MOST_TRIED) : fallback === undefined ? [] : [fallback];
  const complaints: string[] = [];
  for (const candidate of tried) {
    const result = await attempt(deployed, application, candidate);
    if ("claims" in result) return result.claims;
    complaints.push(result.complaint);
  }
  throw new Error(complaints[0] ?? `${deployed.file}: local/directory.json has nobody for ${name}.`);
}

async function attempt(
  deployed: DeployedConfiguration,
  application: ApplicationConfig,
  candidate: Candidate,
): Promise<{ claims: Claims } | { complaint: string }> {
  const { config, test, file } = deployed;
  const { employee, directory, has } = candidate;
  const { clients, connections, resourceServers } = test.tenant.context.store.tables;
  const client = clients.find((row) => row.name === application.displayName);
  const connection = connections.find((row) => row.name === directory.connectionName);
  if (client === undefined || connection === undefined)
    throw new Error(`${file}: ${application.name} is gone.`);
  const accessAlone = config.action.tokens.includes("access") && !config.action.tokens.includes("id");
  if (accessAlone && resourceServers.find((row) => row.identifier === AUDIENCE) === undefined) {
    const answer = await test.api("POST", "/resource-servers", { identifier: AUDIENCE, name: "An API" });
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  }
  const agent = new Agent(test);
  const target = {
    client: { ...client, client_secret: client.client_secret ?? "" },
    connection,
    redirectUri: client.callbacks?.[0] ?? "",
  };
  const answer = answerOf(
    await agent.signIn(target, { employee: employee.email, ...(accessAlone && { audience: AUDIENCE }) }),
  );
  const trace = test.tenant.context.signIns.traces.list()[0];
  const carried = { ...trace?.claims.accessToken, ...trace?.claims.idToken };
  const complain = (problem: string) => ({
    complaint: [
      `${file}: ${employee.name} (${employee.email}) ${problem}.`,
      `Groups in local/directory.json: ${JSON.stringify(has)}`,
      `Claims: ${JSON.stringify(carried)}`,
      "Mend the configuration, or give an employee in local/directory.json a group that it lets through.",
    ].join("\n"),
  });
  if (answer["code"] === undefined) {
    return complain(
      `cannot sign in to "${application.name}": ${answer["error"]}: ${answer["error_description"]}`,
    );
  }
  const tokens = (await agent.exchange(target, answer["code"])).json<Record<string, string>>();
  const claims = payloadOf(tokens["id_token"]);
  const groups = carried[config.action.groupsClaim];
  const none = !Array.isArray(groups) || groups.length === 0;
  return none && expectsGroups(config, directory)
    ? complain(`signs in to "${application.name}" without a group, and so does everybody else`)
    : { claims };
}

/** Everybody of the application's directories, those first whom one would try first. */
function candidatesFor(deployed: DeployedConfiguration, application: ApplicationConfig): Candidate[] {
  const { config, test } = deployed;
  const { directory: company } = test.tenant.context;
  const first = (employee: Employee) => (employee.email === company.defaultEmployee ? 0 : 1);
  return config.directories
    .filter(({ name }) => application.directories.includes(name))
    .flatMap((directory) => {
      const { tenantDomain, connectionName, nestedGroups: nested } = directory;
      const behind = directoryBehind(company, { options: { tenant_domain: tenantDomain } });
      const layers = [
        config.action.groupPolicy,
        config.action.directoryPolicies?.[connectionName] ?? {},
        application.groupPolicy ?? {},
      ];
      const policy = effectivePolicy(layers);
      return behind.employees
        .toSorted((left, right) => first(left) - first(right))
        .map((employee) => {
          const groups = groupsOf(behind, employee, { nested });
          const expected = selectGroups(
            groups.map((group) => group[policy.identifier]),
            policy,
          );
          return { employee, directory, has: groups.map(({ name }) => name), expected };
        });
    });
}

/** Whether the Action is meant to give the people of this directory groups at all. */
function expectsGroups({ action, bindAction }: StackConfig, { connectionName }: DirectoryConfig): boolean {
  const enriched = action.connections.includes(connectionName) || action.strategies.includes("waad");
  return bindAction && enriched && action.tokens.some((token) => token !== "saml");
}

function refuseClearSecrets(values: Readonly<Record<string, unknown>>, secretKeys: readonly string[]): void {
  const clear = secretKeys.find((key) => values[key] !== undefined);
  if (clear === undefined) return;
  const key = clear.slice(PROJECT.length + 1);
  throw new Error(
    `${key} is not encrypted. Make a new secret in Entra ID, and type: pulumi config set --secret ${key}`,
  );
}
