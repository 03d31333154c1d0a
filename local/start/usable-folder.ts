import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { givingBack, ownership } from "../../packages/local-tenant/src/lib/ownership.ts";
import type { StartOptions } from "./arguments.ts";
import type { Reporter } from "../pulumi/cli/reporter.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { StateFolder } from "../../packages/local-tenant/src/index.ts";

/** A folder that this run may write to. */
export interface UsableFolder {
  readonly folder: StateFolder;
  /** Removes the folder, if it is only for this run. */
  remove(): void;
}

/**
 * The folder in which a run keeps its files. Without an engine nothing is kept. So if the folder cannot be
 * written to, the certificate and the environment file are in a temporary folder until the end.
 * @throws {UserError} with the folder's owner and what to do, if the run needs the folder.
 */
export function usableFolder(
  path: string,
  { engine, reset }: Pick<StartOptions, "engine" | "reset">,
  reporter: Reporter,
): UsableFolder {
  const folder = new StateFolder(path);
  const problem = unwritable(folder);
  if (problem === undefined) return { folder, remove: () => undefined };
  if (engine || reset) {
    const ways = [
      ...(problem.mend === undefined ? [] : [`type: ${problem.mend}`]),
      ...(reset ? [] : ["start without a folder: npm start -- --no-engine"]),
    ].join(", or ");
    const way = ways === "" ? "" : ` ${ways.charAt(0).toUpperCase()}${ways.slice(1)}`;
    throw new UserError(`${problem.what} Nothing was changed.${way}`);
  }
  const temporary = mkdtempSync(join(tmpdir(), "workforce-sso-run-"));
  const remove = () => {
    process.removeListener("exit", remove);
    rmSync(temporary, { recursive: true, force: true });
  };
  process.on("exit", remove);
  reporter.say(`${problem.what} The certificate and the environment file are in ${temporary} until the end.`);
  return { folder: new StateFolder(temporary), remove };
}

/** Why something in the folder cannot be read and written, as a sentence, and the command that repairs it. */
interface Problem {
  readonly what: string;
  readonly mend?: string;
}

function unwritable(folder: StateFolder): Problem | undefined {
  const { tlsFolder, pulumiFolder, stateFile, stateLogFile, aboutFile } = folder;
  const inside = [
    tlsFolder,
    join(tlsFolder, "tls.json"),
    pulumiFolder,
    join(pulumiFolder, "passphrase"),
    stateFile,
    stateLogFile,
    aboutFile,
  ];
  let { path } = folder;
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    for (path of inside.filter((candidate) => existsSync(candidate))) {
      accessSync(path, constants.R_OK | constants.W_OK);
    }
    return undefined;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "EROFS") return { what: `${path} is on a file system that can only be read.` };
    if (code === "ENOTDIR" || code === "EEXIST") {
      return { what: `${path} cannot be made, because a file is in the place of a folder.` };
    }
    const whose = ownership(path);
    const reason = whose === "" ? ` (${code})` : `: ${whose}`;
    return { what: `${path} cannot be written to${reason}.`, mend: givingBack(folder.path, path) };
  }
}
