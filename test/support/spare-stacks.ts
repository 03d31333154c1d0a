import debuggable from "@pulumi/pulumi/runtime/debuggable.js";

type Wrap = (promise: Promise<unknown>, context?: unknown) => Promise<unknown>;

// SAFETY: the SDK's own modules call this function through this object; its declarations leave it out.
const internal = debuggable as unknown as { debuggablePromise: Wrap };
const { debuggablePromise } = internal;

// The SDK takes a stack for each of its promises, to name one that never ends. Where each frame is looked up
// in a source map, as in tests, that is half of a program's time.
internal.debuggablePromise = (promise, context) => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return debuggablePromise(promise, context);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};
