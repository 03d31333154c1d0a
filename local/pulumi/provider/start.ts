import providerService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { serveGrpc } from "../grpc-server.ts";
import type { GrpcServer } from "../grpc-server.ts";
import { Handlers } from "./handlers.ts";
import { createService } from "./service.ts";

/** The stand-in provider, which listens in this process. */
export interface StandInProvider extends GrpcServer {
  /** What the engine has to have in its environment to use it: `PULUMI_DEBUG_PROVIDERS`. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Starts the stand-in provider. It is in this process, as the program is, because another one would take
 * longer to start than all that it does. Ctrl-C does not end it: the engine then cancels through the
 * protocol, and still sends requests.
 * @param environment what the provider is to see: AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET,
 * SSL_CERT_FILE.
 */
export async function startStandIn(environment: NodeJS.ProcessEnv = process.env): Promise<StandInProvider> {
  const handlers = new Handlers(environment);
  const server = await serveGrpc(providerService.ResourceProviderService, createService(handlers));
  return { ...server, environment: { PULUMI_DEBUG_PROVIDERS: `auth0:${server.port}` } };
}
