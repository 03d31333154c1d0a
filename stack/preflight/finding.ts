/** One thing that a change would do to what others own, or on which it would fail. */
export interface Finding {
  /** What is there and what would happen to it, in one line. */
  readonly text: string;
  /** Lines for the stack's file that prevent it: keys without their namespace, and the lines below them. */
  readonly lines?: readonly string[];
  /** How the stack can take over what is there. */
  readonly imported?: Imported;
}

/** An entry of the file that `pulumi import --file` takes. */
export interface Imported {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  /** The component that the resource belongs to. */
  readonly parent: { readonly type: string; readonly name: string };
}
