import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { launched } from "../../local/launch/launched.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import type { Closing } from "../closing.ts";
import type { ActionModel } from "./action-model.ts";
import type { ClaimsHead, ClaimsRow, ClaimsSide } from "./model.ts";
import type { SideOptions } from "./side.ts";

/** What the process of a side says, one a line. */
export type SideMessage =
  | { readonly type: "head"; readonly head: ClaimsHead; readonly model?: ActionModel }
  | { readonly type: "row"; readonly row: ClaimsRow }
  | { readonly type: "end" }
  | {
      readonly type: "error";
      readonly message: string;
      /** Whether a person can mend it. */
      readonly mistake: boolean;
      /** The message, with the stack where it is a fault of code. */
      readonly text: string;
    };

/** Without the commands that would mend it, each on a line of its own: they are for a file at hand. */
function inOneLine(message: string): string {
  const lines = message.trim().split(/\s*\n\s*/);
  const [first = "", ...rest] = lines.filter((line) => !line.startsWith("pulumi config "));
  return [first, rest.join(first.endsWith(":") ? "; " : " ")].join(" ").trimEnd();
}

const WORKER = fileURLToPath(new URL("./worker.ts", import.meta.url));
const TOOL = fileURLToPath(new URL("../../", import.meta.url));

/** Why a program's claims cannot be made. */
export class SideError extends UserError {
  /** In one line, without a stack. */
  readonly line: string;

  constructor({ message, text }: SideMessage & { type: "error" }) {
    super(text);
    this.line = inOneLine(message);
  }
}

/**
 * Starts a program's process and waits for its head. The process goes on only as fast as its rows are taken,
 * and `closing` ends it, whatever it does.
 * @throws {SideError} for what the program, its configuration or the directory is at fault for.
 */
export async function startSide(options: SideOptions, closing: Closing): Promise<ClaimsSide> {
  const child = spawn(
    process.execPath,
    [...launched(WORKER), JSON.stringify(options)],
    // What a program or a library prints is for the person, and not a part of any output.
    { cwd: TOOL, stdio: ["ignore", 2, 2, "pipe"] },
  );
  const ended = endOf(child);
  closing.add(async () => {
    child.kill("SIGTERM");
    await ended;
  });
  // SAFETY: the fourth entry of stdio is a pipe.
  const messages = messagesOf(child.stdio[3] as Readable, ended);
  const first = await messages.next();
  if (first.done === true || first.value.type !== "head") {
    throw new Error("The program's process has said no head.");
  }
  const { head, model } = first.value;
  return { head, ...(model !== undefined && { model }), rows: rowsOf(messages) };
}

async function* rowsOf(messages: AsyncGenerator<SideMessage>): AsyncGenerator<ClaimsRow> {
  for await (const message of messages) if (message.type === "row") yield message.row;
}

/** Every message up to `end`; an `error` is thrown, and so is an end without either. */
async function* messagesOf(pipe: Readable, ended: Promise<string>): AsyncGenerator<SideMessage> {
  for await (const line of linesOf(pipe)) {
    // SAFETY: the process is this project's own.
    const message = JSON.parse(line) as SideMessage;
    if (message.type === "end") return;
    if (message.type === "error") throw new SideError(message);
    yield message;
  }
  throw new Error(`The program's process ${await ended} before it was done.`);
}

async function* linesOf(pipe: Readable): AsyncGenerator<string> {
  let rest = "";
  pipe.setEncoding("utf8");
  // SAFETY: a stream with an encoding gives texts.
  for await (const chunk of pipe as AsyncIterable<string>) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`could not be started (${error.message})`));
    child.once("exit", (code, signal) =>
      resolve(signal === null ? `ended with ${code}` : `was ended by ${signal}`),
    );
  });
}
