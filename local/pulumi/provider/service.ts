import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import { Metadata, status } from "@grpc/grpc-js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import type * as Provider from "@pulumi/pulumi/proto/provider_pb.js";
import rpcStatus from "@pulumi/pulumi/proto/status_pb.js";
import { PartialCreate } from "../resources/lifecycle.ts";
import { PLUGIN_VERSION } from "../resources/registry.ts";
import type { Props } from "../resources/values.ts";
import { isObject } from "../resources/values.ts";
import type { DiffResult, Handlers } from "./handlers.ts";

/**
 * The service `pulumirpc.ResourceProvider` over the handlers. It answers operations that it does not have
 * (CheckConfig, DiffConfig, Invoke, Construct, ...) with UNIMPLEMENTED, which the engine accepts.
 *
 * The SDK's own server (`@pulumi/pulumi/provider`) is not used, because it lacks configuration, previews, the
 * inputs of a read, and the list of properties that differ.
 */
export function createService(handlers: Handlers): UntypedServiceImplementation {
  return {
    attach: unary(() => new empty.Empty()),
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(PLUGIN_VERSION)),
    cancel: unary(() => {
      handlers.cancel();
      return new empty.Empty();
    }),
    configure: unary((request: Provider.ConfigureRequest) => {
      handlers.configure(settingsOf(request));
      return new provider.ConfigureResponse()
        .setAcceptsecrets(true)
        .setAcceptresources(false)
        .setAcceptoutputs(false)
        .setSupportspreview(true);
    }),
    check: unary((request: Provider.CheckRequest) => {
      const { inputs, failures } = handlers.check(
        request.getUrn(),
        propsOf(request.getOlds()),
        propsOf(request.getNews()),
      );
      const list = failures.map(({ property, reason }) =>
        new provider.CheckFailure().setProperty(property).setReason(reason),
      );
      return new provider.CheckResponse().setInputs(structOf(inputs)).setFailuresList(list);
    }),
    diff: unary((request: Provider.DiffRequest) =>
      diffResponse(handlers.diff(request.getUrn(), propsOf(request.getOlds()), propsOf(request.getNews()))),
    ),
    create: unary(async (request: Provider.CreateRequest) => {
      const inputs = propsOf(request.getProperties());
      const { id, state } = await handlers.create(request.getUrn(), inputs, request.getPreview());
      const response = new provider.CreateResponse().setProperties(structOf(state));
      return request.getPreview() ? response : response.setId(id);
    }),
    read: unary(async (request: Provider.ReadRequest) => {
      const found = await handlers.read(
        request.getUrn(),
        request.getId(),
        propsOf(request.getProperties()),
        propsOf(request.getInputs()),
      );
      const response = new provider.ReadResponse();
      if (found === undefined) return response;
      return response
        .setId(request.getId())
        .setProperties(structOf(found.state))
        .setInputs(structOf(found.inputs));
    }),
    update: unary(async (request: Provider.UpdateRequest) => {
      const [olds, news] = [propsOf(request.getOlds()), propsOf(request.getNews())];
      const state = await handlers.update(
        request.getUrn(),
        request.getId(),
        olds,
        news,
        request.getPreview(),
      );
      return new provider.UpdateResponse().setProperties(structOf(state));
    }),
    delete: unary(async (request: Provider.DeleteRequest) => {
      await handlers.delete(request.getUrn(), request.getId(), propsOf(request.getProperties()));
      return new empty.Empty();
    }),
  };
}

function unary<Request, Response>(operation: (request: Request) => Response | Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
    Promise.resolve()
      .then(() => operation(call.request))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(serviceError(error)),
      );
  };
}

function settingsOf(request: Provider.ConfigureRequest): Props {
  const args = propsOf(request.getArgs());
  if (Object.keys(args).length > 0) return args;
  const prefix = "auth0:config:";
  return Object.fromEntries(
    [...request.getVariablesMap().entries()]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

function diffResponse({ properties, deleteBeforeReplace }: DiffResult): Provider.DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = provider.DiffResponse.DiffChanges;
  const paths = [...properties.keys()];
  const response = new provider.DiffResponse()
    .setChanges(paths.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList([...new Set(paths.map(topLevel))])
    .setReplacesList([...new Set(paths.filter((path) => properties.get(path)?.replaces).map(topLevel))])
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(true);
  const { Kind } = provider.PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  for (const [path, { kind, replaces }] of properties) {
    response
      .getDetaileddiffMap()
      .set(path, new provider.PropertyDiff().setKind(kinds[kind][replaces ? 1 : 0]));
  }
  return response;
}

function topLevel(path: string): string {
  return path.split(/[.[]/)[0] ?? path;
}

/**
 * An error for the engine. If a resource was made but not finished, the error carries it in
 * `grpc-status-details-bin`, and the engine puts it into the state. The SDK's own server does the same.
 */
function serviceError(error: unknown): { code: status; details: string; metadata?: Metadata } {
  const details = error instanceof Error ? error.message : String(error);
  if (!(error instanceof PartialCreate)) return { code: status.UNKNOWN, details };
  const detail = new provider.ErrorResourceInitFailed()
    .setId(error.id)
    .setProperties(structOf(error.state))
    .setReasonsList([details]);
  const packed = new any.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const answer = new rpcStatus.Status().setCode(status.UNKNOWN).setMessage(details).setDetailsList([packed]);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  return { code: status.UNKNOWN, details, metadata };
}

function propsOf(message: Struct | undefined): Props {
  const value: unknown = message?.toJavaScript();
  return isObject(value) ? value : {};
}

function structOf(props: Props): Struct {
  // SAFETY: property maps hold JSON alone, which is what the parameter's type stands for.
  return struct.Struct.fromJavaScript(props as Parameters<typeof struct.Struct.fromJavaScript>[0]);
}
