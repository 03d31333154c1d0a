/** Something that a change would do to what others own, or that it would fail on. */
export interface Finding {
  /** What is there and what would happen to it, in one line. */
  readonly text: string;
  /** Lines of the stack's file that keep it: keys without their namespace, and what is below them. */
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
