import { INTERRUPTED } from "../../packages/local-tenant/src/lib/entry.ts";
import { Interrupted } from "../../packages/local-tenant/src/lib/errors.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Ctrl-C and its relatives, as a signal that long work listens to. */
export interface Interrupts {
  readonly signal: AbortSignal;
  /** Resolves at the first one. */
  readonly interrupted: Promise<void>;
  /** Rejects with {@link Interrupted} as soon as the signal is raised, else as `work` ends. */
  race<T>(work: Promise<T>): Promise<T>;
  stopListening(): void;
}

/**
 * Listens for signals to stop. The first raises the signal, with an {@link Interrupted} as reason; the second ends the process at
 * once, with exit code 130.
 *
 * npm runs a script in a shell, and passes a signal that is sent to npm on to that shell alone, which dies of it: where npm has
 * started this process, the end of its parent counts as a signal.
 * @param onFirst says that things are being ended.
 */
export function listenForInterrupts(onFirst: () => void, env: NodeJS.ProcessEnv): Interrupts {
  const controller = new AbortController();
  const { signal } = controller;
  const listener = () => {
    if (signal.aborted) process.exit(INTERRUPTED);
    onFirst();
    // A program that is cut off in the middle leaves promises that fail later, when the SDK listens for them no more.
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

/** A process whose parent has ended gets another one, except on Windows. */
function watchParent(onEnd: () => void): NodeJS.Timeout {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    onEnd();
  }, 300);
  return watch.unref();
}
