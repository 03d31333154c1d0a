import * as grpc from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import { CallbacksClient } from "@pulumi/pulumi/proto/callback_grpc_pb.js";
import callbackMessages from "@pulumi/pulumi/proto/callback_pb.js";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb.js";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import type {
  RegisterResourceHookRequest,
  RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb.js";

/** A run of a program by an engine that calls resource hooks, which Pulumi's mocks do not. */
export interface HookedRun {
  /** What the failed hooks said, in the order in which they failed. */
  readonly complaints: readonly string[];
  /** Names of the resources that were registered and not refused, in their order. */
  readonly made: readonly string[];
  /** Names of the resources that a hook was called for. */
  readonly hooked: readonly string[];
}

/** What is in the state already: such a resource is updated, and any other created. */
export interface EngineOptions {
  readonly preview?: boolean;
  readonly known?: readonly string[];
}

type Respond = (error: Error | null, response?: unknown) => void;

/** The part of the SDK's MockMonitor that is changed here. */
interface Monitor {
  registerResource(request: RegisterResourceRequest, respond: Respond): unknown;
  registerResourceHook(request: RegisterResourceHookRequest, respond: Respond): void;
}

/**
 * Runs a program under Pulumi's mocks, whose hooks are called as the engine calls them: before a resource is
 * made or changed, over gRPC. A resource whose hook fails is not made.
 */
export async function runWithHooks(
  program: () => void,
  { preview = false, known = [] }: EngineOptions = {},
): Promise<HookedRun> {
  const run = { complaints: [] as string[], made: [] as string[], hooked: [] as string[] };
  const mocks = {
    newResource: ({ name, inputs }: pulumi.runtime.MockResourceArgs) => ({
      id: `${name}-id`,
      state: inputs as object,
    }),
    call: () => ({}),
  };
  await pulumi.runtime.setMocks(mocks, "workforce-sso", "dev", preview);
  const hooks = new Map<string, Callback>();
  // SAFETY: under mocks the monitor is the SDK's MockMonitor.
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResourceHook = (request, respond) => {
    const callback = request.getCallback();
    if (callback !== undefined && (!preview || request.getOnDryRun())) hooks.set(request.getName(), callback);
    respond(null, {});
  };
  monitor.registerResource = async (request, respond) => {
    const name = request.getName();
    const bound = request.getHooks();
    const names = known.includes(name) ? bound?.getBeforeUpdateList() : bound?.getBeforeCreateList();
    for (const callback of (names ?? []).map((hook) => hooks.get(hook))) {
      if (callback === undefined) continue;
      run.hooked.push(name);
      const complaint = await call(callback, request);
      if (complaint === "") continue;
      run.complaints.push(complaint);
      return respond(new Error(complaint));
    }
    run.made.push(name);
    return register(request, respond);
  };
  try {
    await pulumi.runtime.runInPulumiStack(async () => program());
  } catch (error) {
    if (run.complaints.length === 0) throw error;
  }
  await pulumi.runtime.disconnect().catch(() => undefined);
  return run;
}

/** Calls a hook where the program listens; gives what it complains about, or nothing. */
async function call(callback: Callback, resource: RegisterResourceRequest): Promise<string> {
  const hook = new messages.ResourceHookRequest();
  hook.setType(resource.getType());
  hook.setName(resource.getName());
  hook.setNewInputs(resource.getObject());
  const request = new callbackMessages.CallbackInvokeRequest();
  request.setToken(callback.getToken());
  request.setRequest(hook.serializeBinary());
  const client = new CallbacksClient(callback.getTarget(), grpc.credentials.createInsecure());
  try {
    const bytes = await new Promise<Uint8Array>((resolve, reject) =>
      client.invoke(request, (error, response) =>
        error === null ? resolve(response.getResponse_asU8()) : reject(error),
      ),
    );
    return messages.ResourceHookResponse.deserializeBinary(bytes).getError();
  } finally {
    client.close();
  }
}
