import { NoAnswerError, proxiedFetch } from "./proxied-fetch.ts";

/**
 * How long a download may take before its hosts are asked whether the network answers, and how long they may
 * take to answer.
 */
const PATIENCE = 15_000;

export interface SilenceOptions {
  /** Addresses of which one would have to answer. */
  readonly hosts: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** Whether the work waits for the network now. The hosts are asked once, when it first does. */
  readonly waiting?: () => boolean;
  /** Milliseconds; 15 s unless given. */
  readonly patience?: number;
}

/** The network took what was sent and answered nothing. */
class SilentNetwork extends Error {}

/**
 * Runs work that downloads, and ends it if the network answers nothing. Pulumi's CLI and Go would wait for
 * many minutes.
 * @param body Gets a signal that ends it, which is raised with `signal` as well.
 * @returns what `body` does, or the reason why it was ended.
 */
export async function unlessSilent<T>(
  options: SilenceOptions,
  body: (signal: AbortSignal) => Promise<T>,
): Promise<T | { readonly silent: string }> {
  const { hosts, env, signal, waiting = () => true, patience = PATIENCE } = options;
  const stop = new AbortController();
  const timer = setInterval(() => {
    if (!waiting()) return;
    clearInterval(timer);
    void Promise.all(hosts.map((host) => isSilent(host, env, patience))).then((silent) => {
      if (waiting() && silent.length > 0 && silent.every(Boolean)) stop.abort(new SilentNetwork());
    });
  }, patience);
  try {
    return await body(signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]));
  } catch (error) {
    if (!(error instanceof SilentNetwork)) throw error;
    const names = hosts.map((host) => new URL(host).host).join(" and ");
    return { silent: `${names} gave no answer within ${patience / 1000} s` };
  } finally {
    clearInterval(timer);
  }
}

/** Whether there is an answer of any kind. Also a refusal shows that the network works. */
async function isSilent(host: string, env: NodeJS.ProcessEnv, patience: number): Promise<boolean> {
  try {
    await proxiedFetch(env, globalThis.fetch, patience)(host);
    return false;
  } catch (error) {
    return error instanceof NoAnswerError;
  }
}
