import { range } from "../statistics.ts";
import type { Served, Subject } from "../subjects/subject.ts";
import { shownRange } from "../text.ts";
import { press } from "./press.ts";
import { learn } from "./sign-in.ts";
import type { Known } from "./sign-in.ts";

/** A server that runs and is warm. */
export interface Running {
  readonly subject: Subject;
  readonly served: Served;
  readonly known: Known;
  requests: number;
  signatures: number;
}

/** One server at one number of sign-ins at once; each list has one figure for each round. */
export interface Cell {
  readonly subject: string;
  readonly atOnce: number;
  readonly perSecond: number[];
  readonly cpu: number[];
  readonly milliseconds: number[];
  readonly client: number[];
}

export interface AlternateOptions {
  readonly atOnce: readonly number[];
  readonly rounds: number;
  readonly seconds: number;
  readonly say: (line: string) => void;
}

/** Starts a server and signs so many people in. */
export async function begin(subject: Subject, warmUp: number, say: (line: string) => void): Promise<Running> {
  const served = await subject.start();
  try {
    const known = await learn(await served.target());
    await press(known, 8, { signIns: warmUp });
    say(`${subject.name} is up and warm`);
    return { subject, served, known, requests: 0, signatures: 0 };
  } catch (error) {
    await served.close();
    throw error;
  }
}

/** Round after round, each server in turn, so that whatever else the machine does hits all of them alike. */
export async function alternate(running: readonly Running[], options: AlternateOptions): Promise<Cell[]> {
  const { rounds, seconds, say } = options;
  const cells: Cell[] = [];
  for (const atOnce of options.atOnce) {
    const row = running.map(({ subject }): Cell => {
      return { subject: subject.name, atOnce, perSecond: [], cpu: [], milliseconds: [], client: [] };
    });
    for (let round = 0; round < rounds; round += 1) {
      for (const index of running.keys()) {
        // Another one begins each round.
        const at = (index + round) % running.length;
        const [run, cell] = [running[at], row[at]];
        if (run !== undefined && cell !== undefined) await measure(run, cell, seconds);
      }
    }
    for (const { subject, perSecond } of row) {
      say(`${subject}, ${atOnce} at once: ${shownRange(range(perSecond))} a second`);
    }
    cells.push(...row);
  }
  return cells;
}

async function measure(run: Running, cell: Cell, seconds: number): Promise<void> {
  const before = run.served.usage();
  const pressed = await press(run.known, cell.atOnce, { seconds });
  const after = run.served.usage();
  run.requests = pressed.requestsEach;
  run.signatures = pressed.signaturesEach;
  cell.perSecond.push(pressed.perSecond);
  cell.milliseconds.push(range(pressed.milliseconds).median);
  cell.client.push(pressed.clientMilliseconds / pressed.signIns);
  if (before !== undefined && after !== undefined) {
    cell.cpu.push((after.cpuMilliseconds - before.cpuMilliseconds) / pressed.signIns);
  }
}
