import { createContext, Script } from "node:vm";
import { decodeClientMetadata } from "../../action/client-metadata.ts";
import type { DecodedMetadata } from "../../action/client-metadata.ts";
import type { ActionSettings } from "../../action/settings.ts";
import type { ManagementApi } from "../../local/pulumi/resources/management-api.ts";

/**
 * What the deployed Action goes by, as far as an explanation needs it. Everything here can be written as
 * JSON.
 */
export interface ActionModel {
  /** The constants in the deployed code. */
  readonly settings: ActionSettings;
  /** What each application's metadata says to the Action, by the application's name. */
  readonly applications: Readonly<Record<string, DecodedMetadata>>;
  /** What each connection asks its directory for, by its name. */
  readonly connections: Readonly<Record<string, AskedGroups>>;
}

/** Which groups a connection asks its directory for. */
export interface AskedGroups {
  readonly groups: boolean;
  readonly nested: boolean;
  /** The most of them; 0 for no limit. */
  readonly most: number;
}

/**
 * Reads the model from a tenant to which the program was deployed.
 * @param outputs The program's, `actionId` among them.
 * @returns nothing where the Action is not this project's, so that nothing can be said of it.
 */
export async function readActionModel(
  api: ManagementApi,
  outputs: Readonly<Record<string, unknown>>,
  clientIds: Readonly<Record<string, string>>,
): Promise<ActionModel | undefined> {
  const { code } = await api.get(`/actions/actions/${encodeURIComponent(String(outputs["actionId"]))}`);
  const settings = settingsIn(String(code));
  if (settings === undefined) return undefined;
  const applications: [string, DecodedMetadata][] = [];
  for (const [name, id] of Object.entries(clientIds)) {
    const client = await api.get(`/clients/${encodeURIComponent(id)}`);
    applications.push([name, decodeClientMetadata(client["client_metadata"])]);
  }
  return { settings, applications: Object.fromEntries(applications), connections: await askedGroups(api) };
}

/**
 * The constant that the build put in place of `ACTION_SETTINGS`. Only its declaration is run, which has
 * nothing but data.
 */
function settingsIn(code: string): ActionSettings | undefined {
  const declaration = /^var (\w*ACTION_SETTINGS\w*) = (.*);$/m.exec(code);
  if (declaration === null) return undefined;
  const value: unknown = new Script(`JSON.stringify(${declaration[2]})`).runInContext(createContext({}), {
    timeout: 1000,
  });
  // SAFETY: the stack's build has written it, of this type.
  return JSON.parse(String(value)) as ActionSettings;
}

async function askedGroups(api: ManagementApi): Promise<Record<string, AskedGroups>> {
  const asked: Record<string, AskedGroups> = {};
  for (let page = 0; ; page += 1) {
    // SAFETY: the tenant answers with a list of connections.
    const connections = (await api.request("GET", `/connections?per_page=100&page=${page}`)) as Connection[];
    for (const { name, options = {} } of connections) {
      const most = Number(options["max_groups_to_retrieve"]);
      asked[name] = {
        groups: options["ext_groups"] === true,
        nested: options["ext_nested_groups"] === true,
        most: Number.isInteger(most) && most > 0 ? most : 0,
      };
    }
    if (connections.length < 100) return asked;
  }
}

interface Connection {
  readonly name: string;
  readonly options?: Readonly<Record<string, unknown>>;
}
