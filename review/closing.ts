/** What has to be undone at the end, whatever the end is: the last that was begun is undone first. */
export class Closing {
  readonly #tasks: (() => void | Promise<void>)[] = [];

  add(task: () => void | Promise<void>): void {
    this.#tasks.push(task);
  }

  /** Undoes everything, also what comes after a task that fails; then throws that fault. */
  async close(): Promise<void> {
    const faults: unknown[] = [];
    for (let task = this.#tasks.pop(); task !== undefined; task = this.#tasks.pop()) {
      try {
        await task();
      } catch (error) {
        faults.push(error);
      }
    }
    if (faults.length > 0) throw faults[0];
  }
}
