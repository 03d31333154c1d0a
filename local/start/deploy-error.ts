import { RunError } from "@pulumi/pulumi";
import { CommandError, ConcurrentUpdateError } from "@pulumi/pulumi/automation/index.js";
import { UserError } from "../tenant/errors.ts";

/** What went wrong in a deployment, in one line; the engine has said its own before. */
export function deployError(error: unknown): unknown {
  if (error instanceof UserError) return error;
  if (error instanceof ConcurrentUpdateError) {
    return new UserError(
      "Another update of the local stack is under way. Let it finish, or if none is: npm run pulumi -- cancel --yes",
    );
  }
  if (error instanceof CommandError) {
    return new UserError(
      `The deployment failed: ${engineComplaint(error.message)} Mend that and start again, which carries on from here, ` +
        "or begin anew with --reset.",
    );
  }
  if (RunError.isInstance(error)) return new UserError(error.message);
  return error;
}

/** The engine's last line of complaint. `message` holds all that the command has printed. */
function engineComplaint(message: string): string {
  const lines = message.split(/\r?\n/).map((line) => line.trim().replace(/^(?:stderr: |stdout: )/, ""));
  const plain = lines.map((line) => line.replaceAll(/\u001b\[[0-9;]*m/g, ""));
  const complaints = plain.filter(
    (line) => /^(?:error|fatal)\b/i.test(line) && !/^error: (?:update|preview) failed$/.test(line),
  );
  const last =
    complaints.at(-1) ?? plain.find((line) => line.startsWith("code: ")) ?? "the engine gave no reason.";
  const reason = last.replace(/^error: /i, "");
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}
