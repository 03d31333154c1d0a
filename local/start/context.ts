import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { StateFolder } from "../../packages/local-tenant/src/index.ts";
import type { StartOptions } from "./arguments.ts";
import type { Interrupts } from "./interrupts.ts";
import type { Sink, Terminal } from "./terminal.ts";

/** The project's folder. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The company's employees and groups. */
export const DIRECTORY_FILE = join(ROOT, "local", "directory.json");

/** Path of the folder in which tenant and stack are kept. */
export function localFolder(env: NodeJS.ProcessEnv): string {
  return env["WORKFORCE_SSO_LOCAL"] ?? join(ROOT, ".local");
}

/** What all parts of one command share. */
export interface CommandContext {
  readonly folder: StateFolder;
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
}

/** The context of one `npm start` in its folder. */
export type StartContext = CommandContext & StartRequest;

/** What `npm start` was asked for, before it has a folder. */
export interface StartRequest extends Omit<CommandContext, "folder"> {
  readonly flags: StartOptions;
  /** Where the report goes. */
  readonly stdout: Sink;
  readonly interrupts: Interrupts;
}
