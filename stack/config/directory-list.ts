import type * as pulumi from "@pulumi/pulumi";
import type { GroupPolicy } from "../../action/settings.ts";
import { readGroupPolicy } from "./group-policy.ts";
import type { Setting } from "./setting.ts";
import {
  connectionNameProblem,
  entraClientIdProblem,
  hostNameProblem,
  resourceNameProblem,
} from "./texts.ts";

/** One directory of employees: an Entra ID tenant, and the connection that leads to it. */
export interface DirectoryConfig {
  /**
   * The name by which applications and the secret's key refer to it. The names of a further directory's
   * resources contain it.
   */
  readonly name: string;
  /** The connection's name in the Auth0 tenant. */
  readonly connectionName: string;
  /** Names that the connection has had. While it is being renamed, people still sign in over the old one. */
  readonly formerNames: readonly string[];
  readonly tenantDomain: string;
  readonly clientId: string;
  readonly clientSecret: pulumi.Output<string>;
  readonly domainAliases: readonly string[];
  readonly nestedGroups: boolean;
  /** The most groups that Auth0 reads from this directory for one employee. */
  readonly maxGroups?: number;
  /** The policy for employees of this directory, inside the stack's policy. */
  readonly groupPolicy?: GroupPolicy;
}

/** A directory as the list has it. Its secret is in a separate key. */
export type ListedDirectory = Omit<DirectoryConfig, "clientSecret">;

const fieldNames = [
  "name",
  "connectionName",
  "formerNames",
  "tenantDomain",
  "clientId",
  "domainAliases",
  "nestedGroups",
  "maxGroups",
  "groupPolicy",
] as const;

/** Reads the list of directories, each without the others. */
export function readDirectoryList(setting: Setting): ListedDirectory[] {
  return setting.list((item) => {
    const field = item.fields(fieldNames);
    const name = field.name.text("subsidiary", resourceNameProblem);
    return {
      name,
      connectionName: field.connectionName.present
        ? field.connectionName.text("azure-ad", connectionNameProblem)
        : name,
      formerNames: field.formerNames.present
        ? field.formerNames.set((former) => former.text("azure-ad", connectionNameProblem), "azure-ad")
        : [],
      tenantDomain: field.tenantDomain.text("xyz.onmicrosoft.com", hostNameProblem),
      clientId: field.clientId.text("00000000-0000-4000-8000-000000000000", entraClientIdProblem),
      domainAliases: field.domainAliases.present
        ? field.domainAliases.set((alias) => alias.text("xyz.example", hostNameProblem), "xyz.example")
        : [],
      nestedGroups: field.nestedGroups.present && field.nestedGroups.boolean(false),
      ...(field.maxGroups.present && { maxGroups: field.maxGroups.integer(1, 10_000, 250) }),
      ...(field.groupPolicy.present && { groupPolicy: readGroupPolicy(field.groupPolicy) }),
    };
  }, "{}");
}
