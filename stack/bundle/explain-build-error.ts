import { RunError } from "@pulumi/pulumi";

/** One message of esbuild, with the fields that are used here. */
interface Message {
  readonly text: string;
  readonly location: { readonly file: string; readonly line: number; readonly column: number } | null;
}

/**
 * Runs a build with esbuild.
 *
 * @throws pulumi.RunError, which the engine prints without a stack trace. It has each message with its file,
 * line and column, in the form that editors and terminals open on a click.
 */
export function explained<Result>(build: () => Result): Result {
  try {
    return build();
  } catch (error) {
    const complaints = messagesOf(error).map(complaint);
    if (complaints.length === 0) throw error;
    const heading = "The Action cannot be built:";
    if (complaints.length === 1) throw new RunError(`${heading} ${complaints.join("")}`);
    throw new RunError([heading, ...complaints.map((line) => `  ${line}`)].join("\n"));
  }
}

function messagesOf(error: unknown): readonly Message[] {
  const carries = error instanceof Error && "errors" in error && Array.isArray(error.errors);
  // SAFETY: a failure of esbuild carries its messages, which have these fields.
  return carries ? (error.errors as Message[]) : [];
}

function complaint({ text, location }: Message): string {
  // esbuild counts columns from 0, editors from 1.
  return location === null ? text : `${location.file}:${location.line}:${location.column + 1}: ${text}`;
}
