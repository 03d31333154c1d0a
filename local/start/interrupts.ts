import { INTERRUPTED } from "../../packages/local-tenant/src/lib/entry.ts";
import { Interrupted } from "../../packages/local-tenant/src/lib/errors.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Ctrl-C and similar signals, as an abort signal for work that takes long. */
export interface Interrupts {
  readonly signal: AbortSignal;
  /** Resolves at the first signal. */
  readonly interrupted: Promise<void>;
  /** Settles as `work` does, or rejects with {@link Interrupted} as soon as the signal is raised. */
  race<T>(work: Promise<T>): Promise<T>;
  stopListening(): void;
}

/**
 * Listens for signals to stop. The first raises the signal, with an {@link Interrupted} as reason; the second
 * ends the process at once, with exit code 130.
 *
 * npm runs a script in a shell. It passes a signal that npm gets only to that shell, which then dies. So if
 * npm has started this process, the end of its parent counts as a signal.
 * @param onFirst tells the person that the work is being stopped.
 */
export function listenForInterrupts(onFirst: () => void, env: NodeJS.ProcessEnv): Interrupts {
  const controller = new AbortController();
  const { signal } = controller;
  const listener = () => {
    if (signal.aborted) process.exit(INTERRUPTED);
    onFirst();
    // A program that is stopped in the middle leaves promises that fail later, when the SDK no longer handles
    // them.
    process.on("unhandledRejection", () => undefined);
    controller.abort(new Interrupted());
  };
  for (const name of SIGNALS) process.on(name, listener);
  const watch = env["npm_lifecycle_event"] === undefined ? undefined : watchParent(listener);
  const interrupted = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  return {
    signal,
    interrupted,
    race: (work) => Promise.race([work, interrupted.then(() => Promise.reject(new Interrupted()))]),
    stopListening() {
      clearInterval(watch);
      for (const name of SIGNALS) process.removeListener(name, listener);
    },
  };
}

/** Calls `onEnd` when the parent ends: the process then gets another parent, except on Windows. */
function watchParent(onEnd: () => void): NodeJS.Timeout {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    onEnd();
  }, 300);
  return watch.unref();
}
