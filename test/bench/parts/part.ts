/** How much is measured: all of it, enough for a comparison, or just whether it still runs. */
export type Effort = "full" | "quick" | "smoke";

/** What a part is told. */
export interface Bench {
  readonly effort: Effort;
  /** A folder that is gone afterwards. */
  readonly folder: string;
  /** Folder of another checkout of the project, which is measured beside this one. */
  readonly beside?: string;
  /** Leaves the servers of others out. */
  readonly alone: boolean;
  /** Says how far it has come. */
  readonly say: (line: string) => void;
}

/** One wish of how good it should be, and how good it is. */
export interface Goal {
  readonly what: string;
  readonly goal: string;
  readonly measured: string;
  readonly met: boolean;
}

/** One thing that is measured. Its figures are plain JSON; all that is said of them is made from them. */
export interface Part<Figures = unknown> {
  readonly title: string;
  measure(bench: Bench): Promise<Figures>;
  /** The tables, and what one has to know to read them, in Markdown. */
  show(figures: Figures): string;
  goals(figures: Figures): readonly Goal[];
}
