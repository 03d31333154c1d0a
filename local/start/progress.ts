import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

/** The engine's operations that change a resource, in the past tense. */
const DONE: Readonly<Record<string, string>> = {
  create: "created",
  "create-replacement": "created",
  update: "updated",
  delete: "deleted",
  "delete-replaced": "deleted",
};

/** Counts what an update has done, in case it is stopped in the middle. */
export class UpdateProgress {
  readonly #counts = new Map<string, number>();

  /** Counts an event of the engine. Components are not counted, because they are not on the tenant. */
  observe({ resOutputsEvent }: EngineEvent): void {
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
