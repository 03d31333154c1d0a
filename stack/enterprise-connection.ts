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
  /** Its secret, which becomes a secret here if it is none. */
  readonly clientSecret: pulumi.Input<string>;
  /** E-mail domains that are sent straight to this directory. */
  readonly domainAliases: pulumi.Input<readonly string[]>;
  /** Also the groups that an employee's groups are members of. */
  readonly nestedGroups: boolean;
  /** The most groups that Auth0 reads for one employee; without a word, as many as Auth0 chooses. */
  readonly maxGroups?: number;
  /** The applications that employees may reach over this connection; no others may. */
  readonly enabledClients: readonly EnabledClient[];
  /** Every client of the stack, enabled or not: the connection is made after them all. */
  readonly waitFor: readonly pulumi.Resource[];
  /** What has to be there, and up to date, before anybody may sign in over the connection. */
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

/** The logical name of a directory's component: the first one has the name from before there could be more. */
export function connectionResource(directory: string, index: number): string {
  return index === 0 ? "azure-ad" : `azure-ad-${directory}`;
}

/**
 * The company's Azure AD (Entra ID) as a way to sign in, with each employee's groups on the profile.
 *
 * It is made after every client of the stack. Where a tenant has the flag `enable_client_connections` on, each new client is
 * enabled on every connection that is there, and the list of enabled clients could then never be created.
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
          // Stays the same when the app registration is replaced, which `sub` does not.
          userIdAttribute: "oid",
          scopes: connectionScopes(args.nestedGroups),
          ...(args.maxGroups !== undefined && { maxGroupsToRetrieve: String(args.maxGroups) }),
          setUserRootAttributes: "on_each_login",
          // An address of the directory is whatever its administrator typed.
          shouldTrustEmailVerifiedConnection: "never_set_emails_as_verified",
        },
      },
      // A new name is a new connection. By itself the plugin would delete the old one first, and with it everybody's sign-in.
      { parent: this, dependsOn: [...args.waitFor], deleteBeforeReplace: false },
    );
    this.connectionId = connection.id;
    this.#enable(name, args);
    this.registerOutputs({ connectionId: this.connectionId });
  }

  /**
   * Enables the applications on the connection, as one list while one request takes them all, else each by itself.
   *
   * The list is never deleted in the tenant: its deletion disables every client that it names, and it is dropped either together
   * with the connection, which takes it along, or because the applications have become too many for it and stay enabled.
   */
  #enable(name: string, args: EnterpriseConnectionArgs): void {
    // Who is enabled changes every day, whatever protects the connection itself.
    const opts = { parent: this, dependsOn: [...args.enableAfter], protect: false };
    const { connectionId } = this;
    if (args.enabledClients.length <= mostClientsInList) {
      const enabledClients = args.enabledClients.map(({ clientId }) => clientId);
      const list = { connectionId, enabledClients };
      new auth0.ConnectionClients(`${name}-clients`, list, { ...opts, retainOnDelete: true });
      return;
    }
    for (const { name: client, formerNames, clientId } of args.enabledClients) {
      // Made anew under another name, the former one's deletion would disable the same client again.
      const aliases = formerNames.map((former) => ({ name: `${name}-client-${former}` }));
      new auth0.ConnectionClient(
        `${name}-client-${client}`,
        { connectionId, clientId },
        { ...opts, aliases },
      );
    }
  }
}
