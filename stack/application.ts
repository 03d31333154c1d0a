import * as auth0 from "@pulumi/auth0";
import * as pulumi from "@pulumi/pulumi";
import { encodeClientMetadata } from "../action/client-metadata.ts";
import type { GroupPolicy } from "../action/settings.ts";
import { componentType } from "./component-type.ts";

/** What an application is made of. */
export interface ApplicationArgs {
  /** The name that employees read. */
  readonly displayName: pulumi.Input<string>;
  /** Where Auth0 sends an employee after the sign-in; at least one URL. */
  readonly callbacks: pulumi.Input<readonly string[]>;
  /** Where Auth0 may send an employee after the sign-out. */
  readonly logoutUrls: pulumi.Input<readonly string[]>;
  /** Origins of pages that call Auth0 themselves. */
  readonly webOrigins?: pulumi.Input<readonly string[]>;
  /** Which groups reach this application, inside the stack's policy. */
  readonly groupPolicy?: GroupPolicy;
  /** Whether an employee without a group is kept out of this application. */
  readonly groupsRequired?: boolean;
  /** Names that the application has had. The client of such a name is kept under the new name. */
  readonly formerNames: readonly string[];
  /** Whether Auth0 gives it refresh tokens. */
  readonly refreshTokens: boolean;
}

/**
 * One OIDC application of the company: a web application with its own server. It uses the authorization code
 * flow and, if it asks for them, refresh tokens that change with each use.
 */
export class Application extends pulumi.ComponentResource {
  readonly clientId: pulumi.Output<string>;
  /** Secret; made by Auth0. */
  readonly clientSecret: pulumi.Output<string>;
  /** The client itself, for resources that must be made after it. */
  readonly client: auth0.Client;

  constructor(name: string, args: ApplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      componentType("Application"),
      name,
      {},
      {
        ...opts,
        aliases: args.formerNames.map((former) => ({ name: former })),
      },
    );
    this.client = new auth0.Client(`${name}-client`, clientArgs(args), { parent: this });
    this.clientId = this.client.clientId;
    const credentials = new auth0.ClientCredentials(
      `${name}-credentials`,
      { clientId: this.clientId, authenticationMethod: "client_secret_post" },
      { parent: this },
    );
    this.clientSecret = pulumi.secret(credentials.clientSecret);
    this.registerOutputs({ clientId: this.clientId, clientSecret: this.clientSecret });
  }
}

function clientArgs(args: ApplicationArgs): auth0.ClientArgs {
  const metadata = encodeClientMetadata({
    ...(args.groupPolicy !== undefined && { groupPolicy: args.groupPolicy }),
    ...(args.groupsRequired !== undefined && { groupsRequired: args.groupsRequired }),
  });
  return {
    name: args.displayName,
    description: "An internal application that employees sign in to.",
    appType: "regular_web",
    callbacks: mutable(args.callbacks),
    allowedLogoutUrls: mutable(args.logoutUrls),
    ...(args.webOrigins !== undefined && { webOrigins: mutable(args.webOrigins) }),
    grantTypes: ["authorization_code", ...(args.refreshTokens ? ["refresh_token"] : [])],
    oidcConformant: true,
    jwtConfiguration: { alg: "RS256" },
    ...(args.refreshTokens && { refreshToken }),
    clientMetadata: metadata,
  };
}

const refreshToken: auth0.ClientArgs["refreshToken"] = {
  rotationType: "rotating",
  expirationType: "expiring",
  // Auth0 ends the session when a refresh token is used twice, as a thief would do. A browser with two tabs,
  // or one that has lost an answer, must not end it.
  leeway: 5,
  tokenLifetime: 30 * 24 * 3600,
  idleTokenLifetime: 15 * 24 * 3600,
  infiniteTokenLifetime: false,
  infiniteIdleTokenLifetime: false,
};

function mutable(list: pulumi.Input<readonly string[]>): pulumi.Output<string[]> {
  return pulumi.output(list).apply((items) => [...items]);
}
