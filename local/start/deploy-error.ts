import { RunError } from "@pulumi/pulumi";
import { CommandError, ConcurrentUpdateError } from "@pulumi/pulumi/automation/index.js";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";

/**
 * Says in one line what went wrong in a deployment. The engine has already printed its own lines.
 * @param thrown The error that the program itself has thrown, if it has.
 */
export function deployError(error: unknown, thrown?: unknown): unknown {
  if (error instanceof UserError) return error;
  if (error instanceof ConcurrentUpdateError) {
    return new UserError(
      "Another update of the local stack is running. Wait for its end; if none is running, type: npm run pulumi -- cancel --yes",
    );
  }
  if (RunError.isInstance(thrown))
    return new UserError(`${summary(thrown.message)} Correct that and start again.`);
  if (error instanceof CommandError) {
    return new UserError(
      `The deployment failed: ${engineComplaint(error.message)} Correct that and start again, which continues from here, ` +
        "or begin anew with --reset.",
    );
  }
  return error;
}

/**
 * Turns an error of several lines into one sentence, which names the first error and counts the others. The
 * program lists each error in a line that is indented by two spaces, with the command that corrects it
 * indented deeper below.
 */
export function summary(message: string): string {
  const [heading = "", ...lines] = message.split("\n");
  const errors = lines.filter((line) => /^ {2}\S/.test(line)).map((line) => line.trim());
  const [first] = errors;
  if (first === undefined) return sentence(heading);
  const others = errors.length - 1;
  if (others === 0) return sentence(`${heading} ${first}`);
  return `${sentence(`${heading} ${first}`)} ${others === 1 ? "One more is" : `${others} more are`} listed above.`;
}

/** The engine's last error line. `message` contains everything that the command has printed. */
function engineComplaint(message: string): string {
  const lines = message.split(/\r?\n/).map((line) => line.trim().replace(/^(?:stderr: |stdout: )/, ""));
  const plain = lines.map((line) => line.replaceAll(/\u001b\[[0-9;]*m/g, ""));
  const complaints = plain.filter(
    (line) => /^(?:error|fatal)\b/i.test(line) && !/^error: (?:update|preview) failed$/.test(line),
  );
  const last =
    complaints.at(-1) ?? plain.find((line) => line.startsWith("code: ")) ?? "the engine gave no reason.";
  const complaint = sentence(last.replace(/^error: /i, ""));
  // The CLI keeps its own files in the user's home.
  return /permission denied|read-only file system/.test(complaint)
    ? `${complaint} Set PULUMI_HOME to another folder for what the Pulumi CLI keeps.`
    : complaint;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
