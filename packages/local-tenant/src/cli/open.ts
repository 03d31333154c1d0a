import { closeSync, existsSync, openSync, writeSync } from "node:fs";
import { nextFreePort } from "../lib/port.ts";
import { UserError } from "../lib/errors.ts";
import { seededRandom } from "../store/ids.ts";
import type { RequestLog } from "../sessions/request-log.ts";
import type { Directory } from "../directory/directory.ts";
import { watchDirectory } from "../directory/watch-directory.ts";
import type { DirectorySource } from "../directory/watch-directory.ts";
import type { RunningTenant } from "../running-tenant.ts";
import { StateFolder } from "../store/state-folder.ts";
import { startTenant } from "../tenant.ts";
import type { TenantOptions } from "../tenant.ts";
import { caFile, loadTls } from "../lib/tls.ts";
import type { ToolOptions } from "./options.ts";
import { checkIsStateFolder, lockFolder, stateFolder } from "./state-folder.ts";

/** A running tenant with all that the options asked for. */
export interface OpenTenant {
  readonly tenant: RunningTenant;
  /** Where the certificate authority is, for a tenant whose certificate is kept. */
  readonly caFile?: string;
  /** Stops the tenant, ends its log and gives its folder back. */
  close(): Promise<void>;
}

/** What a tenant is started with; the tool's options have these fields. */
export type OpenOptions = Pick<
  ToolOptions,
  "inMemory" | "port" | "plan" | "faults" | "seed" | "log" | "reset"
> & {
  readonly flush?: boolean;
  /** Whether it may answer before it has its signing keys. */
  readonly early?: boolean;
  readonly directory: string | Directory | DirectorySource;
  /** A path is locked for as long as the tenant runs. For a `StateFolder`, the caller must have the lock. */
  readonly state: string | StateFolder;
  /** Folder of the certificate of a tenant in memory; by default it is made for this run. */
  readonly certificates?: string;
};

/**
 * Starts the tenant that the options describe, in memory or in its state folder, which is locked meanwhile.
 * @throws {UserError} for whatever the person at the keyboard can mend.
 */
export async function openTenant(options: OpenOptions): Promise<OpenTenant> {
  const common = commonOptions(options);
  return options.inMemory ? openInMemory(options, common) : openKept(options, common);
}

async function openInMemory(options: OpenOptions, common: TenantOptions): Promise<OpenTenant> {
  const tls = options.certificates === undefined ? undefined : await loadTls(options.certificates);
  const tenant = await startTenant({ ...common, ...(tls !== undefined && { tls }) });
  const endLog = await guard(tenant, () => writeLog(tenant.context.log, options.log));
  return {
    tenant,
    ...(options.certificates !== undefined && { caFile: caFile(options.certificates) }),
    async close() {
      await tenant.close();
      endLog();
    },
  };
}

async function openKept(options: OpenOptions, common: TenantOptions): Promise<OpenTenant> {
  const { state } = options;
  const folder = state instanceof StateFolder ? state : stateFolder(state);
  const lock = state instanceof StateFolder ? undefined : lockFolder(folder);
  try {
    if (options.reset) {
      checkIsStateFolder(folder);
      folder.reset();
    }
    folder.open();
    const tls = await loadTls(folder.tlsFolder);
    const port = common.port ?? (existsSync(folder.stateFile) ? 0 : await nextFreePort());
    const { flush = false } = options;
    const tenant = await startTenant({ ...common, port, tls, stateFile: folder.stateFile, flush });
    const endLog = await guard(tenant, () => writeLog(tenant.context.log, options.log));
    return {
      tenant,
      caFile: caFile(folder.tlsFolder),
      async close() {
        await tenant.close();
        endLog();
        lock?.release();
      },
    };
  } catch (error) {
    lock?.release();
    throw error;
  }
}

function commonOptions(options: OpenOptions): TenantOptions {
  const actionNode = process.env["ACTION_NODE"];
  return {
    directory: typeof options.directory === "string" ? watchDirectory(options.directory) : options.directory,
    faults: options.faults,
    ...(options.early !== undefined && { early: options.early }),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.plan === undefined ? {} : { plan: options.plan }),
    ...(options.seed === undefined ? {} : { random: seededRandom(options.seed) }),
    ...(actionNode ? { actionNode } : {}),
  };
}

/**
 * Appends each request as one line of JSON, until the returned function is called. Each line is written in
 * one step, so that two runs may share a file.
 */
function writeLog(log: RequestLog, file: string | undefined): () => void {
  if (file === undefined) return () => undefined;
  if (file === "-") return log.onRequest((record) => process.stderr.write(`${JSON.stringify(record)}\n`));
  const descriptor = openLog(file);
  const end = log.onRequest((record) => writeSync(descriptor, `${JSON.stringify(record)}\n`));
  return () => {
    end();
    closeSync(descriptor);
  };
}

function openLog(file: string): number {
  try {
    return openSync(file, "a", 0o600);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `The request log ${file} cannot be written: ${reason}. Name another file with --log.`,
    );
  }
}

async function guard<T>(tenant: RunningTenant, body: () => T): Promise<T> {
  try {
    return body();
  } catch (error) {
    await tenant.close();
    throw error;
  }
}
