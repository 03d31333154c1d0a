import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import * as automationServer from "@pulumi/pulumi/automation/server.js";
import * as languageService from "@pulumi/pulumi/proto/language_grpc_pb.js";

/** A program that the CLI runs by address, in this process, without a language host. */
export interface ProgramServer {
  /** For the CLI's `--client`. */
  readonly address: string;
  close(): void;
}

/** As the SDK has it: a bundle and its inputs may be larger than gRPC's 4 MiB. */
const MAX_MESSAGE = 400 * 1024 * 1024;

// SAFETY: both are what the SDK's own `stack.up()` serves an inline program with; its declarations leave them out.
const { LanguageServer } = automationServer as unknown as {
  LanguageServer: new (program: PulumiFn) => UntypedServiceImplementation;
};
const { LanguageRuntimeService } = languageService as unknown as {
  LanguageRuntimeService: ServiceDefinition;
};

/** Serves a program as the Automation API does, for a CLI that a person has typed the arguments of. */
export async function serveProgram(program: PulumiFn): Promise<ProgramServer> {
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE,
    "grpc.max_send_message_length": MAX_MESSAGE,
  });
  server.addService(LanguageRuntimeService, new LanguageServer(program));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}
