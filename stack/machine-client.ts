import * as auth0 from "@pulumi/auth0";
import * as pulumi from "@pulumi/pulumi";
import { lastDeployment } from "./last-deployment.ts";
import { machineScopes } from "./policy/machine-scopes.ts";
import { componentType } from "./component-type.ts";

/** What a machine client is made of. */
export interface MachineClientArgs {
  /** The tenant's own host (and port), whose Management API the client calls. */
  readonly domain: pulumi.Input<string>;
  /** The client's name in the tenant. */
  readonly displayName: pulumi.Input<string>;
}

/**
 * The names of a generation's client. The first generation keeps the names that the client had before there
 * were several.
 */
export function machineClientOf(generation: number): { resource: string; displayName: string } {
  const [suffix, number] = generation === 1 ? ["", ""] : [`-${generation}`, ` ${generation}`];
  return { resource: `groups-reader${suffix}`, displayName: `Workforce SSO groups reader${number}` };
}

/**
 * The generations of the machine client that must exist: the current one, and the one that the Action used
 * before. The former one stays until the `up` after the switch, because sign-ins that are running, and
 * instances of the Action that Auth0 has not replaced yet, still use it.
 *
 * @param current The configured generation. The first one has no former one, so the engine is not asked.
 * @returns The current generation, then at most one former.
 */
export async function livingGenerations(current: number): Promise<[current: number, ...former: number[]]> {
  if (current === 1) return [current];
  const last = await lastDeployment();
  const former = last?.generation ?? current - 1;
  const gone = last !== undefined && !last.has(machineClientOf(former).resource);
  return former === current || gone ? [current] : [current, former];
}

/**
 * The client with which the Action asks the Management API. It may read users and nothing else. Auth0 makes
 * its secret, and only the Action gets it.
 */
export class MachineClient extends pulumi.ComponentResource {
  readonly clientId: pulumi.Output<string>;
  /** Secret. */
  readonly clientSecret: pulumi.Output<string>;
  /** The identifier of the tenant's Management API. */
  readonly audience: pulumi.Output<string>;
  /** The client itself, for resources that must be made after it. */
  readonly client: auth0.Client;
  /** Resources that must exist before the client can be used. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: MachineClientArgs, opts?: pulumi.ComponentResourceOptions) {
    super(componentType("MachineClient"), name, {}, opts);
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

    const grant = new auth0.ClientGrant(
      `${name}-grant`,
      { clientId: this.clientId, audience: this.audience, scopes: [...machineScopes] },
      { parent: this },
    );
    this.ready = [credentials, grant];
    this.registerOutputs({
      clientId: this.clientId,
      clientSecret: this.clientSecret,
      audience: this.audience,
    });
  }
}
