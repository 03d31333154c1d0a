import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../lib/write-whole.ts";
import { logFileOf } from "./state-file.ts";
import { UserError } from "../lib/errors.ts";
import { refuseFullDisk } from "../lib/disk.ts";

/** The format of the folder. A change that an older folder cannot follow gets the next number. */
export const FORMAT = 1;

/** What a state folder says of itself. */
export interface About {
  /** The folder's format. */
  readonly version: number;
  /** Client id of the tenant's deployer: tells which tenant the stack's state in `pulumi/` belongs to. */
  readonly deployer?: string;
  /** What the stack was deployed with last. */
  readonly provider?: "plugin" | "stand-in";
  /** Host and port of the tenant when the stack was deployed last. */
  readonly domain?: string;
}

/**
 * A folder that a tenant is kept in, and the stack that is deployed onto it. Creating the object makes
 * nothing on the disk.
 */
export class StateFolder {
  readonly path: string;
  /** Held by the process that uses the folder. */
  readonly lockFile: string;
  readonly aboutFile: string;
  /** The tenant itself. */
  readonly stateFile: string;
  /** What has changed in the tenant since the state file was written. */
  readonly stateLogFile: string;
  /** The tenant's certificate and its authority. */
  readonly tlsFolder: string;
  /** Variables for other programs that use the tenant. */
  readonly environmentFile: string;
  /** Everything that Pulumi keeps of the stack. */
  readonly pulumiFolder: string;

  constructor(path: string) {
    this.path = path;
    this.lockFile = join(path, "lock");
    this.aboutFile = join(path, "about.json");
    this.stateFile = join(path, "tenant.json");
    this.stateLogFile = logFileOf(this.stateFile);
    this.tlsFolder = join(path, "tls");
    this.environmentFile = join(path, "environment");
    this.pulumiFolder = join(path, "pulumi");
  }

  /**
   * Makes the folder where it is missing, and reads what it says of itself.
   * @throws {UserError} when the folder was made by another version of the project, a part of it is gone, or
   * the disk is full.
   */
  open(): About {
    mkdirSync(this.path, { recursive: true });
    refuseFullDisk(this.path);
    const about = this.#readAbout();
    if (about.version !== FORMAT) {
      throw this.refusal(
        `is of format ${about.version}, and this version of the project reads format ${FORMAT}`,
      );
    }
    if (about.deployer !== undefined && !existsSync(this.stateFile)) {
      throw this.refusal("has the state of a stack whose tenant is gone (tenant.json is missing)");
    }
    return about;
  }

  /** Replaces what the folder says of itself. */
  writeAbout(about: About): void {
    writeWhole(this.aboutFile, `${JSON.stringify(about)}\n`);
  }

  /** Deletes everything but the lock, which the caller holds. */
  reset(): void {
    if (!existsSync(this.path)) return;
    for (const name of readdirSync(this.path)) {
      const path = join(this.path, name);
      if (path !== this.lockFile) rmSync(path, { recursive: true, force: true });
    }
  }

  /** The line for a folder that cannot be used as it is; `what` is the rest of a sentence about it. */
  refusal(what: string): UserError {
    return new UserError(`${this.path} ${what}. Nothing was changed. Begin anew with --reset.`);
  }

  #readAbout(): About {
    if (!existsSync(this.aboutFile)) {
      if (existsSync(this.stateFile) || existsSync(this.pulumiFolder)) {
        throw this.refusal("was made by an older version of the project");
      }
      const fresh: About = { version: FORMAT };
      this.writeAbout(fresh);
      return fresh;
    }
    let about: Partial<About> | null;
    try {
      about = JSON.parse(readFileSync(this.aboutFile, "utf8")) as Partial<About> | null;
    } catch {
      throw this.refusal("cannot be read: about.json is not JSON");
    }
    if (typeof about?.version !== "number") throw this.refusal("cannot be read: about.json has no version");
    return { ...about, version: about.version };
  }
}
