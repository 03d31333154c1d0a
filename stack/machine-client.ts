import * as auth0 from "@pulumi/auth0";
import * as pulumi from "@pulumi/pulumi";
import { machineScopes } from "./policy/machine-scopes.ts";

/** What a machine client is made of. */
export interface MachineClientArgs {
  /** The tenant's own host (and port), whose Management API the client calls. */
  readonly domain: pulumi.Input<string>;
  /** The client's name in the tenant. */
  readonly displayName: pulumi.Input<string>;
}

/** The names of a generation's client: the first has those from before there were generations. */
export function machineClientOf(generation: number): { resource: string; displayName: string } {
  const suffix = generation === 1 ? ["", ""] : [`-${generation}`, ` ${generation}`];
  return { resource: `groups-reader${suffix[0]}`, displayName: `Workforce SSO groups reader${suffix[1]}` };
}

/**
 * The client that the Action asks the Management API with: it may read users and nothing else, and its secret is made by
 * Auth0 and known to the Action alone.
 */
export class MachineClient extends pulumi.ComponentResource {
  readonly clientId: pulumi.Output<string>;
  /** Secret. */
  readonly clientSecret: pulumi.Output<string>;
  /** The identifier of the tenant's Management API. */
  readonly audience: pulumi.Output<string>;
  /** The client itself, for those that have to come after it. */
  readonly client: auth0.Client;

  constructor(name: string, args: MachineClientArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workforce-sso:index:MachineClient", name, {}, opts);
    this.client = new auth0.Client(
      `${name}-client`,
      {
        name: args.displayName,
        description: "Reads an employee's groups for the post-login Action.",
        appType: "non_interactive",
        grantTypes: ["client_credentials"],
        oidcConformant: true,
        jwtConfiguration: { alg: "RS256" },
      },
      { parent: this },
    );
    this.clientId = this.client.clientId;
    this.audience = pulumi.interpolate`https://${args.domain}/api/v2/`;

    const credentials = new auth0.ClientCredentials(
      `${name}-credentials`,
      { clientId: this.clientId, authenticationMethod: "client_secret_post" },
      { parent: this },
    );
    this.clientSecret = pulumi.secret(credentials.clientSecret);

    new auth0.ClientGrant(
      `${name}-grant`,
      { clientId: this.clientId, audience: this.audience, scopes: [...machineScopes] },
      { parent: this },
    );
    this.registerOutputs({
      clientId: this.clientId,
      clientSecret: this.clientSecret,
      audience: this.audience,
    });
  }
}
