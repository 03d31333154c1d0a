import { statSync } from "node:fs";
import { createTenant, loadDirectory } from "../../packages/local-tenant/src/index.ts";
import type { Directory, Tenant } from "../../packages/local-tenant/src/index.ts";
import { PROJECT } from "../../local/pulumi/engine/paths.ts";
import { ManagementApi } from "../../local/pulumi/resources/management-api.ts";
import { readActionModel } from "./action-model.ts";
import type { ActionModel } from "./action-model.ts";
import { claimsOf } from "./evaluate.ts";
import type { Deployed } from "./evaluate.ts";
import { compareText } from "./model.ts";
import type { ClaimsHead, ClaimsSide } from "./model.ts";
import { peopleOf } from "./people.ts";
import { deployProgram } from "./program.ts";
import type { DeployedProgram } from "./program.ts";

/** Whose claims are asked for. JSON, since it goes to another process. */
export interface SideOptions {
  /** The project's folder. */
  readonly root: string;
  readonly stack: string;
  /** The git ref that the folder was made from. */
  readonly ref?: string;
  readonly directory: {
    /** Its path. */
    readonly file: string;
    /** What it is called in the head. */
    readonly name: string;
    /** In ISO 8601; when the file was last changed unless given. */
    readonly date?: string;
  };
  /** Who is signed in where; everybody everywhere unless given. */
  readonly only?: {
    /** Email. */
    readonly person: string;
    readonly application: string;
  };
}

/** A side whose program is deployed. */
export interface OpenSide extends ClaimsSide {
  /** Ends the tenant and the processes of its Actions. */
  close(): Promise<void>;
}

/** The API that tokens are asked for where access tokens carry the claim: without one they are opaque. */
const AUDIENCE = "https://api.example/";

const NOT_IN = [
  "Actions of other teams on the real tenant: stand-ins that do nothing run in their place.",
  "Refreshes and silent sign-ins: every row is a first sign-in at the directory.",
  "maxGroups and other limits of Entra ID itself: the directory file is taken as it is.",
  "Today's real directory: the people are those of the directory file.",
  "The real tenant's name and the application's nonce, which make a token a few bytes longer or shorter.",
];

/**
 * Deploys the program of a folder to a tenant in memory with the people of a directory, and is ready to sign
 * them in.
 *
 * @param start Makes the tenant: a new one, unless who asks has one of this directory to fork.
 */
export async function openSide(
  options: SideOptions,
  start: (directory: Directory) => Promise<Tenant> = (directory) => createTenant({ directory }),
): Promise<OpenSide> {
  const directory = loadDirectory(options.directory.file);
  const tenant = await withLongPort(() => start(directory));
  try {
    const access = { domain: tenant.domain, ...tenant.deployer, ca: tenant.ca };
    const { root, stack } = options;
    const program = await deployProgram({ root, file: `Pulumi.${stack}.yaml`, tenant: access });
    const deployed = deployedOf(tenant, program);
    const model = await prepare(access, program, deployed);
    return {
      head: { ...headOf(options, directory, program, deployed), ...(model && { unseen: unseenOf(model) }) },
      ...(model !== undefined && { model }),
      rows: rowsOf(options, deployed, directory),
      close: () => tenant.close(),
    };
  } catch (error) {
    await tenant.close();
    throw error;
  }
}

/**
 * A tenant whose port has five digits: it is in every token, whose length is compared with that of another
 * tenant's.
 */
async function withLongPort(start: () => Promise<Tenant>): Promise<Tenant> {
  for (;;) {
    const tenant = await start();
    if (/:\d{5}$/.test(tenant.domain)) return tenant;
    await tenant.close();
  }
}

function deployedOf(tenant: Tenant, { outputs, values }: DeployedProgram): Deployed {
  const tokens = texts(values[`${PROJECT}:tokens`], ["id"]);
  return {
    tenant,
    // SAFETY: the program's outputs are an API; this one has client ids by the applications' names.
    clientIds: (outputs["clientIds"] ?? {}) as Readonly<Record<string, string>>,
    groupsClaim: String(outputs["groupsClaim"]),
    tokens,
    ...(tokens.includes("access") && { audience: AUDIENCE }),
  };
}

function headOf(
  { stack, ref, directory }: SideOptions,
  company: Directory,
  { values }: DeployedProgram,
  { clientIds, groupsClaim, tokens, audience }: Deployed,
): ClaimsHead {
  const all = [company, ...(company.directories ?? [])];
  return {
    stack,
    ...(ref !== undefined && { ref }),
    directory: {
      file: directory.name,
      date: directory.date ?? statSync(directory.file).mtime.toISOString(),
      people: all.reduce((sum, { employees }) => sum + employees.length, 0),
      names: all.map(({ domain }) => domain),
    },
    applications: Object.keys(clientIds).sort(compareText),
    groupSources: texts(values[`${PROJECT}:groupSources`], []),
    groupsClaim,
    tokens,
    notIn: [
      ...NOT_IN,
      ...(tokens.includes("saml") ? ["SAML assertions: every sign-in is one of OpenID Connect."] : []),
      ...(audience === undefined
        ? []
        : [`APIs of the company: access tokens are for ${audience}, made for this.`]),
    ],
  };
}

/** What decides over refreshes, linked accounts, slow APIs, other connections, and people without groups. */
function unseenOf({ settings }: ActionModel): Readonly<Record<string, string>> {
  const values = {
    onMissingGroups: settings.onMissingGroups,
    groupsMaxAgeMinutes: settings.groupsMaxAgeMinutes ?? 0,
    linkedIdentities: settings.linkedIdentities,
    enrichedStrategies: settings.strategies,
    managementApiTimeoutMs: settings.managementApiTimeoutMs,
  };
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)]));
}

/** Makes what the evaluations need, and reads what an explanation needs. */
async function prepare(
  access: ConstructorParameters<typeof ManagementApi>[0],
  { outputs }: DeployedProgram,
  { clientIds, audience }: Deployed,
): Promise<ActionModel | undefined> {
  const api = new ManagementApi(access);
  try {
    if (audience !== undefined) {
      const identifier = { identifier: audience, name: "An API of the company" };
      await api.request("POST", "/resource-servers", identifier);
    }
    return await readActionModel(api, outputs, clientIds);
  } finally {
    api.close();
  }
}

function rowsOf({ only }: SideOptions, deployed: Deployed, directory: Directory): ClaimsSide["rows"] {
  const people = peopleOf(directory);
  if (only === undefined) return claimsOf(deployed, people);
  const clientIds = { [only.application]: deployed.clientIds[only.application] ?? "" };
  return claimsOf(
    { ...deployed, clientIds },
    people.filter(({ employee }) => employee.email === only.person),
  );
}

function texts(value: unknown, otherwise: readonly string[]): readonly string[] {
  return Array.isArray(value) ? value.map(String) : otherwise;
}
