import * as auth0 from "@pulumi/auth0";
import * as pulumi from "@pulumi/pulumi";
import { connectionScopes } from "./policy/connection-scopes.ts";
import { componentType } from "./component-type.ts";

/** What an enterprise connection is made of. */
export interface EnterpriseConnectionArgs {
  /** The connection's name in the tenant; a new name is a new connection. */
  readonly connectionName: pulumi.Input<string>;
  /** The domain of the Entra ID tenant. */
  readonly tenantDomain: pulumi.Input<string>;
  /** The app registration of Entra ID. */
  readonly clientId: pulumi.Input<string>;
  /** The registration's secret. A plain value becomes a Pulumi secret here. */
  readonly clientSecret: pulumi.Input<string>;
  /** E-mail domains that are sent straight to this directory. */
  readonly domainAliases: pulumi.Input<readonly string[]>;
  /** Whether the profile also has the groups that an employee's groups are members of. */
  readonly nestedGroups: boolean;
  /** The most groups that Auth0 reads for one employee. If it is absent, Auth0 chooses the number. */
  readonly maxGroups?: number;
  /** The applications that employees may reach over this connection. They reach no others over it. */
  readonly enabledClients: readonly EnabledClient[];
  /** Every client of the stack, enabled or not: the connection is made after them all. */
  readonly waitFor: readonly pulumi.Resource[];
  /** Resources that must exist and be up to date before anybody may sign in over the connection. */
  readonly enableAfter: readonly pulumi.Resource[];
}

/** An application that a connection leads to. */
export interface EnabledClient {
  readonly name: string;
  readonly formerNames: readonly string[];
  readonly clientId: pulumi.Input<string>;
}

/** The most clients that Auth0 takes in one request. A connection may have more. */
const mostClientsInList = 50;

/**
 * The logical name of a directory's component. The first one keeps the name that it had when there could be
 * only one.
 */
export function connectionResource(directory: string, index: number): string {
  return index === 0 ? "azure-ad" : `azure-ad-${directory}`;
}

/**
 * The company's Azure AD (Entra ID) as a way to sign in, with each employee's groups on the profile.
 *
 * It is made after every client of the stack. In a tenant whose flag `enable_client_connections` is on, Auth0
 * enables each new client on every existing connection, and then the list of enabled clients could not be
 * created.
 */
export class EnterpriseConnection extends pulumi.ComponentResource {
  readonly connectionId: pulumi.Output<string>;

  constructor(name: string, args: EnterpriseConnectionArgs, opts?: pulumi.ComponentResourceOptions) {
    super(componentType("EnterpriseConnection"), name, {}, opts);
    const connection = new auth0.Connection(
      `${name}-connection`,
      {
        name: args.connectionName,
        strategy: "waad",
        options: {
          clientId: args.clientId,
          clientSecret: pulumi.secret(args.clientSecret),
          domain: args.tenantDomain,
          tenantDomain: args.tenantDomain,
          domainAliases: pulumi.output(args.domainAliases).apply((aliases) => [...aliases]),
          identityApi: "microsoft-identity-platform-v2.0",
          waadProtocol: "openid-connect",
          // The object id stays the same when the app registration is replaced. `sub` does not.
          userIdAttribute: "oid",
          scopes: connectionScopes(args.nestedGroups),
          ...(args.maxGroups !== undefined && { maxGroupsToRetrieve: String(args.maxGroups) }),
          setUserRootAttributes: "on_each_login",
          // The address is not verified: an administrator of the directory may have typed anything.
          shouldTrustEmailVerifiedConnection: "never_set_emails_as_verified",
        },
      },
      // A new name is a new connection. Without this option the plugin would delete the old one first, and
      // nobody could sign in until the new one is there.
      { parent: this, dependsOn: [...args.waitFor], deleteBeforeReplace: false },
    );
    this.connectionId = connection.id;
    this.#enable(name, args);
    this.registerOutputs({ connectionId: this.connectionId });
  }

  /**
   * Enables the applications on the connection: as one list if one request can carry them all, else each by
   * itself.
   *
   * The list is never deleted in the tenant, because its deletion disables every client that it names. It
   * leaves the program in two cases: the connection is deleted, which deletes the list too; or there are too
   * many applications for a list, and all of them must stay enabled.
   */
  #enable(name: string, args: EnterpriseConnectionArgs): void {
    // Not protected, even if the connection is: which applications are enabled may change every day.
    const opts = { parent: this, dependsOn: [...args.enableAfter], protect: false };
    const { connectionId } = this;
    if (args.enabledClients.length <= mostClientsInList) {
      const enabledClients = args.enabledClients.map(({ clientId }) => clientId);
      const list = { connectionId, enabledClients };
      new auth0.ConnectionClients(`${name}-clients`, list, { ...opts, retainOnDelete: true });
      return;
    }
    for (const { name: client, formerNames, clientId } of args.enabledClients) {
      // Without the alias a renamed resource would be made anew, and the deletion of the former one would
      // then disable the same client.
      const aliases = formerNames.map((former) => ({ name: `${name}-client-${former}` }));
      new auth0.ConnectionClient(
        `${name}-client-${client}`,
        { connectionId, clientId },
        { ...opts, aliases },
      );
    }
  }
}
