import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";

/** A gRPC service that listens in this process. */
export interface GrpcServer {
  readonly port: number;
  /** Ends it at once, calls under way too. */
  close(): void;
}

/**
 * The limit of the plugin and the SDK. A bundle and its inputs may be larger than gRPC's default of 4 MiB.
 */
const MAX_MESSAGE = 400 * 1024 * 1024;

/** Serves a service to the CLI on a free port of 127.0.0.1. */
export async function serveGrpc(
  service: ServiceDefinition,
  implementation: UntypedServiceImplementation,
): Promise<GrpcServer> {
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE,
    "grpc.max_send_message_length": MAX_MESSAGE,
  });
  server.addService(service, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return { port, close: () => server.forceShutdown() };
}
