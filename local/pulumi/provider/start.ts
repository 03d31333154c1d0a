import { Server, ServerCredentials } from "@grpc/grpc-js";
import providerService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { Handlers } from "./handlers.ts";
import { createService } from "./service.ts";

/** The stand-in provider, which listens in this process. */
export interface StandInProvider {
  readonly port: number;
  /** What the engine has to have in its environment to use it: `PULUMI_DEBUG_PROVIDERS`. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * The limit of the plugin and the SDK. A bundle and its inputs may be larger than gRPC's default of 4 MiB.
 */
const MAX_MESSAGE = 400 * 1024 * 1024;

/**
 * Starts the stand-in provider. It is in this process, as the program is, because another one would take
 * longer to start than all that it does. Ctrl-C does not end it: the engine then cancels through the
 * protocol, and still sends requests.
 * @param environment what the provider is to see: AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET,
 * SSL_CERT_FILE.
 */
export async function startStandIn(environment: NodeJS.ProcessEnv = process.env): Promise<StandInProvider> {
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE,
    "grpc.max_send_message_length": MAX_MESSAGE,
  });
  server.addService(providerService.ResourceProviderService, createService(new Handlers(environment)));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    port,
    environment: { PULUMI_DEBUG_PROVIDERS: `auth0:${port}` },
    close: () => {
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}
