import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

/** The engine's operations that change a resource, in the past tense. */
const DONE: Readonly<Record<string, string>> = {
  create: "created",
  "create-replacement": "created",
  update: "updated",
  delete: "deleted",
  "delete-replaced": "deleted",
};

/** Follows what an update does. */
export class UpdateProgress {
  readonly #counts = new Map<string, number>();
  /** Number of resources by what happened to them, as the engine sums up at its end. */
  changes: Readonly<Record<string, number>> = {};

  /** Counts an event of the engine. Components are not counted, because they are not on the tenant. */
  observe({ resOutputsEvent, summaryEvent }: EngineEvent): void {
    if (summaryEvent !== undefined) this.changes = summaryEvent.resourceChanges;
    if (resOutputsEvent === undefined || resOutputsEvent.planning === true) return;
    const { op, type } = resOutputsEvent.metadata;
    const done = type.startsWith("auth0:") ? DONE[op] : undefined;
    if (done !== undefined) this.#counts.set(done, (this.#counts.get(done) ?? 0) + 1);
  }

  /** The line for a person who has stopped the update in the middle. */
  get stopped(): string {
    const counts = [...this.#counts].map(([done, count]) => `${count} ${done}`).join(", ");
    return `Stopped in the middle of the deployment: ${counts === "" ? "nothing was changed yet" : counts}. The next npm start continues from there.`;
  }
}
