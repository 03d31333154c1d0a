import type { ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import * as automationServer from "@pulumi/pulumi/automation/server.js";
import * as log from "@pulumi/pulumi/log/index.js";
import * as languageService from "@pulumi/pulumi/proto/language_grpc_pb.js";
import languageMessages from "@pulumi/pulumi/proto/language_pb.js";
import { serveGrpc } from "../grpc-server.ts";

/** A program that the CLI runs by address, in this process, without a language host. */
export interface ProgramServer {
  /** For the CLI's `--client`. */
  readonly address: string;
  close(): void;
}

type Answer = (error: Error | null | undefined, response: unknown) => void;
type Run = (call: unknown, answer: Answer) => Promise<void>;

// SAFETY: these are what the SDK's own `stack.up()` serves an inline program with; its declarations leave
// them out.
const { LanguageServer } = automationServer as unknown as {
  LanguageServer: new (program: PulumiFn) => UntypedServiceImplementation;
};
const { LanguageRuntimeService } = languageService as unknown as {
  LanguageRuntimeService: ServiceDefinition;
};
const { RunResponse } = languageMessages as unknown as {
  RunResponse: new () => { setBail(bail: boolean): void };
};
const { hasErrors } = log as unknown as { hasErrors: () => boolean };

/**
 * Takes away what the former run has added to the process. A program that the engine no longer waits for,
 * because it has refused a step, never ends; its handlers would report each error of the next one once more.
 */
let dropHandlers = (): void => undefined;

type Handler = (reason: unknown) => void;

function processHandlers(): { event: string; handler: Handler }[] {
  return ["uncaughtException", "unhandledRejection"].flatMap((event) =>
    // SAFETY: each handler of these two events takes the reason first.
    (process.listeners(event as NodeJS.Signals) as Handler[]).map((handler) => ({ event, handler })),
  );
}

/**
 * The SDK's service reports a program's error to the engine twice: it logs the error, and answers with it. If
 * it was logged, the answer here says only that the error was reported, as the language host does.
 */
function programService(program: PulumiFn): UntypedServiceImplementation {
  const service = new LanguageServer(program);
  // SAFETY: `run` is the handler of a unary call.
  const run = (service["run"] as unknown as Run).bind(service);
  const quietRun: Run = async (call, answer) => {
    let answered = false;
    dropHandlers();
    const before = processHandlers();
    const running = run(call, (error, response) => {
      // The SDK answers a second time after an error.
      if (answered) return;
      answered = true;
      if (error === null || error === undefined || !hasErrors()) return answer(error, response);
      const told = new RunResponse();
      told.setBail(true);
      answer(undefined, told);
    });
    // The SDK adds its handlers before it waits for the first time.
    const added = processHandlers().filter(({ handler }) => !before.some((one) => one.handler === handler));
    dropHandlers = () => {
      for (const { event, handler } of added) process.off(event, handler);
    };
    await running;
  };
  service["run"] = quietRun as unknown as UntypedServiceImplementation[string];
  return service;
}

/** Serves a program as the Automation API does, but reports each of its errors only once. */
export async function serveProgram(program: PulumiFn): Promise<ProgramServer> {
  const server = await serveGrpc(LanguageRuntimeService, programService(program));
  return { address: `127.0.0.1:${server.port}`, close: () => server.close() };
}
