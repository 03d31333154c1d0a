import { createContext, Script } from "node:vm";
import { RunError } from "@pulumi/pulumi";

/** The handler that Auth0 calls at sign-in, and the one that it calls after a redirect. */
const handlers = { required: "onExecutePostLogin", optional: "onContinuePostLogin" } as const;

/**
 * Loads a bundle as Auth0 does, without calling anything in it. Refuses a bundle whose handler Auth0 would
 * refuse at every sign-in: Auth0 wants an async function. esbuild makes another kind of function for older
 * targets, and so may a wrapper.
 *
 * While the bundle loads it has Node's web globals, no file system, and empty stand-ins for packages. So an
 * Action must itself contain what it needs at load time.
 *
 * @param code The bundle.
 * @param source The entry point's source, for the errors.
 * @throws pulumi.RunError that names the handler and says what it has to look like.
 */
export function refuseBadEntryPoint(code: string, source: string): void {
  const exported = load(code, source);
  const handler = exported[handlers.required];
  if (!isAsyncFunction(handler)) throw wrongHandler(source, handlers.required, handler);
  const continuation = exported[handlers.optional];
  if (continuation !== undefined && !isAsyncFunction(continuation)) {
    throw wrongHandler(source, handlers.optional, continuation);
  }
}

function load(code: string, source: string): Record<string, unknown> {
  const module: { exports: unknown } = { exports: {} };
  const silent = new Proxy({}, { get: () => () => undefined });
  const context = createContext({
    ...webGlobals(),
    module,
    exports: module.exports,
    require: anyPackage,
    console: silent,
  });
  try {
    // The time limit covers only what the script itself runs, so the call must be inside the script.
    new Script(`(function () {${code}\n})();`, { filename: source }).runInContext(context, { timeout: 2000 });
  } catch (error) {
    throw new RunError(
      `${source} fails when it is loaded (${messageOf(error)}), so every sign-in would fail; run nothing at its top level.`,
    );
  }
  // SAFETY: a property of anything but null and undefined can be asked for.
  return (module.exports ?? {}) as Record<string, unknown>;
}

/** An error that was made in the other context is not an instance of this context's Error. */
function messageOf(error: unknown): string {
  return typeof error === "object" && error !== null && "message" in error
    ? String(error.message)
    : String(error);
}

function isAsyncFunction(value: unknown): boolean {
  return typeof value === "function" && value.constructor.name === "AsyncFunction";
}

function wrongHandler(source: string, name: string, value: unknown): RunError {
  const found = value === undefined ? "not exported" : "not an async function after the build";
  return new RunError(
    `${name} of ${source} is ${found}, so Auth0 would fail every sign-in; ` +
      `write \`export async function ${name}(event, api) { ... }\`.`,
  );
}

/** What `require` gives at load time: a value that can be called, constructed, and has every property. */
function anyPackage(): unknown {
  return new Proxy(function () {}, {
    get: (_target, key) => (key === Symbol.toPrimitive ? () => "" : anyPackage()),
    apply: () => anyPackage(),
    construct: () => ({}),
  });
}

function webGlobals() {
  return {
    AbortController,
    AbortSignal,
    Buffer,
    clearTimeout,
    crypto: globalThis.crypto,
    fetch,
    Headers,
    performance,
    process: { env: {}, versions: process.versions },
    Request,
    Response,
    setTimeout,
    structuredClone,
    TextDecoder,
    TextEncoder,
    URL,
    URLSearchParams,
  };
}
