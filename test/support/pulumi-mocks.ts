import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { sampleStackFile } from "./sample.ts";
import "./spare-stacks.ts";

/** A resource as the program registered it, secrets unwrapped. */
export interface SentResource {
  readonly type: string;
  readonly name: string;
  /** The inputs as sent; compare them, not what the mock gave back. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The top-level inputs that were sent as secrets. */
  readonly secretInputs: readonly string[];
  /** The options that the engine keeps in the state. */
  readonly options: SentOptions;
}

/** What a resource was registered with beside its inputs. */
export interface SentOptions {
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** Logical name of the parent; empty for those at the top. */
  readonly parent: string;
  /** Logical names of all it depends on, sorted: the declared ones and those of its inputs. */
  readonly dependsOn: readonly string[];
}

/**
 * The full configuration of a run: `Pulumi.yaml`'s defaults, the sample stack's values, then these;
 * `undefined` removes a key.
 */
export type ConfigChanges = Readonly<Record<string, unknown>>;

/** Resources of the last deployment by URN, as the engine tells them. */
export type LastState =
  | Readonly<Record<string, { readonly type: string; readonly outputs: Readonly<Record<string, unknown>> }>>
  | Error;

/** A run of the program under Pulumi's mocks. */
export interface MockRun<Outputs> {
  readonly outputs: Outputs;
  readonly resources: readonly SentResource[];
  /** The one resource of that type and logical name. */
  readonly find: (type: string, name: string) => SentResource;
  /** All resources of a type, sorted by logical name. */
  readonly ofType: (type: string) => SentResource[];
}

/** The value that every run has for `workforce-sso:azureClientSecret`, so that it can be looked for. */
export const azureClientSecret = "entra-secret-for-tests";

/** The marker of a secret on the wire between program and engine. */
const secretSignature = "4dabf18193072939515e22adb298388d";
const secretMarker = "1b47061264138c4ac30d75fd1eb44270";

/**
 * Runs a program under mocks, as the engine would with the project's file and the sample stack's, and waits
 * for all of its resources.
 *
 * @param program The program function; it may be run as often as wanted.
 * @param lastState What the engine tells of the last deployment; an error where it gives no answer.
 * @param changes Keys of this project (without namespace) or of others (with it) to add, replace or, by
 * `undefined`, remove.
 */
export async function runWithMocks<Outputs>(
  program: () => Promise<Outputs>,
  changes: ConfigChanges = {},
  lastState: LastState = {},
): Promise<MockRun<Outputs>> {
  const sent: SentResource[] = [];
  const options = new Map<string, SentOptions>();
  setMockConfig(changes);
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        // SAFETY: the engine's inputs are an object of plain values.
        const inputs = args.inputs as Record<string, unknown>;
        sent.push(sentResource(args, inputs, options.get(`${args.type}::${args.name}`)));
        return { id: `${args.name}-id`, state: computedState(args) };
      },
      call: ({ token }) => {
        if (token === "pulumi:pulumi:readStackResourceOutputs") {
          if (lastState instanceof Error) throw lastState;
          return { outputs: lastState };
        }
        throw new Error(`The program must not call ${token}.`);
      },
    },
    "workforce-sso",
    "dev",
    false,
    "xyz",
  );
  recordOptions(options);
  const outputs = await withRegistrations(program);
  const resources = sent.toSorted((left, right) => left.name.localeCompare(right.name));
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);
  const find = (type: string, name: string) => {
    const found = ofType(type).filter((resource) => resource.name === name);
    const [only] = found;
    if (only === undefined || found.length > 1) {
      throw new Error(
        `${found.length} resources ${type} ${name}; there are ${ofType(type)
          .map((r) => r.name)
          .join(", ")}.`,
      );
    }
    return only;
  };
  return { outputs, resources, find, ofType };
}

/**
 * Sets the configuration, and the project's name, alone, for what reads them without registering resources.
 * The directories' secrets are secret in it, as `pulumi config set --secret` makes them.
 *
 * @param secretKeys Which keys are secret, where it is others.
 */
export function setMockConfig(
  changes: ConfigChanges = {},
  project = "workforce-sso",
  secretKeys: (keys: readonly string[]) => string[] = secretsAmong,
): void {
  pulumi.runtime.setMockOptions(undefined, project, "dev", false);
  const values: Record<string, unknown> = { ...projectConfig(), ...withNamespace(changes) };
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      known.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    ),
    secretKeys(known.map(([key]) => key)),
  );
}

/** Those keys that a person has set with --secret: the directories' secrets. */
function secretsAmong(keys: readonly string[]): string[] {
  return keys.filter((key) => /^[\w-]+:azureClientSecret(-|$)/.test(key));
}

/** The value of an output, within 5 seconds; an output that is never known would wait for ever. */
export async function valueOf<T>(output: unknown): Promise<T> {
  const { promise, resolve, reject } = withResolvers<T>();
  const deadline = setTimeout(() => reject(new Error("The output was not known within 5 seconds.")), 5000);
  // SAFETY: the caller names what the output unwraps to.
  pulumi.output<T>(output as T).apply((value) => resolve(value as T));
  return promise.finally(() => clearTimeout(deadline));
}

/** The defaults that the engine would fill in, and the sample stack's values. */
function projectConfig(): Record<string, unknown> {
  const project = readYaml<{ config: Record<string, { default?: unknown }> }>(
    new URL("../../Pulumi.yaml", import.meta.url),
  );
  const stack = readYaml<{ config: Record<string, unknown> }>(sampleStackFile);
  const defaults = Object.entries(project.config).map(([key, declared]) => [key, declared.default] as const);
  return {
    ...withNamespace(Object.fromEntries(defaults)),
    ...stack.config,
    "workforce-sso:azureClientSecret": azureClientSecret,
    "auth0:domain": "xyz.eu.auth0.com",
  };
}

function readYaml<Shape>(file: string | URL): Shape {
  // SAFETY: one of these two files; what is not as expected fails the test that uses it.
  return parse(readFileSync(file, "utf8")) as Shape;
}

function withNamespace(values: ConfigChanges): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key.includes(":") ? key : `workforce-sso:${key}`, value]),
  );
}

/** Outputs that the real provider computes; the rest of a resource's state is its inputs. */
function computedState(args: pulumi.runtime.MockResourceArgs): Record<string, unknown> {
  // SAFETY: the engine's inputs are an object of plain values.
  const inputs = args.inputs as Record<string, unknown>;
  if (args.type === "auth0:index/client:Client") return { ...inputs, clientId: `client-of-${args.name}` };
  if (args.type === "auth0:index/clientCredentials:ClientCredentials") {
    return { ...inputs, clientSecret: `secret-of-${args.name}` };
  }
  return inputs;
}

function sentResource(
  { type, name }: pulumi.runtime.MockResourceArgs,
  inputs: Record<string, unknown>,
  options: SentOptions | undefined,
): SentResource {
  if (options === undefined) throw new Error(`${name} was registered without options.`);
  const secretInputs = Object.keys(inputs).filter((key) => isSecretOnWire(inputs[key]));
  // SAFETY: unwrapping an object gives an object.
  return { type, name, inputs: unwrap(inputs) as Record<string, unknown>, secretInputs, options };
}

/** The part of the SDK's request that mocks are not told about. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProtect(): boolean | undefined;
  getRetainondelete(): boolean | undefined;
  getDependenciesList(): string[];
}

/** Listens to the registrations on their way to the mocks. */
function recordOptions(options: Map<string, SentOptions>): void {
  // SAFETY: under mocks the monitor is the SDK's MockMonitor, whose registerResource takes the engine's
  // request.
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource: (request: RegisterRequest, callback: unknown) => unknown;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    options.set(`${request.getType()}::${request.getName()}`, {
      protect: request.getProtect() ?? false,
      retainOnDelete: request.getRetainondelete() ?? false,
      parent: logicalName(request.getParent()),
      dependsOn: request.getDependenciesList().map(logicalName).toSorted(),
    });
    return register(request, callback);
  };
}

/** The last part of a URN; empty for none. */
function logicalName(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

function isSecretOnWire(value: unknown): value is { value: unknown } {
  return (
    typeof value === "object" &&
    value !== null &&
    secretSignature in value &&
    value[secretSignature] === secretMarker
  );
}

function unwrap(value: unknown): unknown {
  if (isSecretOnWire(value)) return unwrap(value.value);
  if (Array.isArray(value)) return value.map(unwrap);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, unwrap(field)]));
}

/** Runs the program and then waits until every resource it constructed has been registered. */
async function withRegistrations<Outputs>(program: () => Promise<Outputs>): Promise<Outputs> {
  const outputs = await program();
  await pulumi.runtime.disconnect();
  return outputs;
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}
