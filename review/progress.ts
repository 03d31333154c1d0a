import type { ClaimsSide } from "./claims/model.ts";
import type { Progress } from "../local/pulumi/cli/reporter.ts";
import { Terminal } from "../local/start/terminal.ts";

/** What is going on, on a terminal alone: elsewhere nobody waits in front of it. */
export class ReviewProgress {
  readonly #progress: Progress | undefined;
  readonly #total: number;
  #done = 0;

  /** `people` are those of one side, of which there are so many. */
  constructor(
    stream: NodeJS.WriteStream,
    env: NodeJS.ProcessEnv,
    { people, sides }: { people: number; sides: number },
  ) {
    const terminal = new Terminal(stream, env);
    this.#total = people * sides;
    this.#progress = stream.isTTY ? terminal.progress("Deploying to a tenant in memory") : undefined;
  }

  /** Says what is being done before anybody is signed in. */
  say(text: string): void {
    this.#progress?.update(text);
  }

  /** The same side, whose rows are counted as they are taken. */
  count(side: ClaimsSide): ClaimsSide {
    const rows = this.#counted(side);
    return { ...side, rows };
  }

  done(): void {
    this.#progress?.done();
  }

  async *#counted({ head, rows }: ClaimsSide): ClaimsSide["rows"] & AsyncGenerator {
    const all = this.#total * head.applications.length;
    for await (const row of rows) {
      this.#done += 1;
      this.#progress?.update(`Signing in: ${this.#done} of ${all}`);
      yield row;
    }
  }
}
