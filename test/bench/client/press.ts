import type { Known } from "./sign-in.ts";
import { signIn, Worker } from "./sign-in.ts";

/** When to stop: after so many seconds, or after so many sign-ins. */
export type Until = { readonly seconds: number } | { readonly signIns: number };

/** What came of sign-ins that were made as fast as the server lets them. */
export interface Pressed {
  readonly signIns: number;
  readonly perSecond: number;
  /** Of each sign-in. */
  readonly milliseconds: readonly number[];
  readonly requestsEach: number;
  readonly signaturesEach: number;
  /** Processor time of this process. */
  readonly clientMilliseconds: number;
}

/**
 * So many workers sign people in, each one sign-in after the other. Each worker keeps one connection as a
 * browser and one as an application; the browser's cookies are new for each sign-in.
 */
export async function press(known: Known, atOnce: number, until: Until): Promise<Pressed> {
  const workers = Array.from({ length: atOnce }, () => new Worker(known.target));
  const { people } = known.target;
  const milliseconds: number[] = [];
  let [begun, signatures] = [0, 0];
  const cpu = process.cpuUsage();
  const started = performance.now();
  const goesOn = (): boolean =>
    "seconds" in until ? performance.now() - started < until.seconds * 1000 : begun < until.signIns;
  const work = async (worker: Worker): Promise<void> => {
    while (goesOn()) {
      const person = people[begun % people.length];
      if (person === undefined) throw new Error("There is nobody to sign in.");
      begun += 1;
      const at = performance.now();
      const signed = await signIn(known, worker, person);
      signatures += signed.signatures;
      milliseconds.push(performance.now() - at);
    }
  };
  try {
    await Promise.all(workers.map(work));
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    return {
      signIns: milliseconds.length,
      perSecond: milliseconds.length / seconds,
      milliseconds,
      requestsEach: workers.reduce((sum, { requests }) => sum + requests, 0) / milliseconds.length,
      signaturesEach: signatures / milliseconds.length,
      clientMilliseconds: (user + system) / 1000,
    };
  } finally {
    for (const worker of workers) worker.close();
  }
}
