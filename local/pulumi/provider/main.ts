import { Server, ServerCredentials } from "@grpc/grpc-js";
import providerService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { Handlers } from "./handlers.ts";
import { createService } from "./service.ts";

/**
 * The limit of the plugin and the SDK. A bundle and its inputs may be larger than gRPC's default of 4 MiB.
 */
const MAX_MESSAGE = 400 * 1024 * 1024;

const server = new Server({
  "grpc.max_receive_message_length": MAX_MESSAGE,
  "grpc.max_send_message_length": MAX_MESSAGE,
});
server.addService(providerService.ResourceProviderService, createService(new Handlers(process.env)));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${port}\n`);
});

// Ctrl-C goes to the whole process group. Ignore it: the engine then cancels through the protocol, and still
// sends requests.
process.on("SIGINT", () => undefined);
// The process that started this one holds the other end. When it is gone, there is nobody to serve.
if (process.argv.includes("--with-stdin")) {
  process.stdin.resume();
  process.stdin.on("end", () => process.exit(0));
}
