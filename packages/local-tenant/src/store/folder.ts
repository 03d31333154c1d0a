import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../lib/write-whole.ts";
import { UserError } from "../lib/errors.ts";
import { refuseFullDisk } from "../lib/disk.ts";

/** The shape of the folder. A change that an older folder cannot follow gets the next number. */
export const LAYOUT_VERSION = 1;

/** Where everything is that `npm start` keeps, under one folder that git ignores. */
export interface Layout {
  readonly folder: string;
  readonly lock: string;
  readonly about: string;
  readonly tenant: string;
  readonly tls: string;
  readonly environment: string;
  readonly pulumi: string;
}

export function layoutOf(folder: string): Layout {
  return {
    folder,
    lock: join(folder, "lock"),
    about: join(folder, "about.json"),
    tenant: join(folder, "tenant.json"),
    tls: join(folder, "tls"),
    environment: join(folder, "environment"),
    pulumi: join(folder, "pulumi"),
  };
}

/** What the folder says of itself. */
export interface About {
  readonly version: number;
  /** Client id of the tenant's deployer: which tenant the stack's state belongs to. */
  readonly deployer?: string;
  /** What the stack was deployed with last. */
  readonly provider?: "plugin" | "stand-in";
}

/**
 * Reads what the folder says of itself, and says it where nothing is there yet.
 * @throws {UserError} when the folder was made by another version of the project, a part of it is gone, or the disk is full.
 */
export function openLayout(layout: Layout): About {
  mkdirSync(layout.folder, { recursive: true });
  refuseFullDisk(layout.folder);
  const about = readAbout(layout);
  if (about.version !== LAYOUT_VERSION) {
    throw refusal(
      layout,
      `is of format ${about.version}, and this version of the project reads format ${LAYOUT_VERSION}`,
    );
  }
  if (about.deployer !== undefined && !existsSync(layout.tenant)) {
    throw refusal(layout, "has the state of a stack whose tenant is gone (tenant.json is missing)");
  }
  return about;
}

export function writeAbout(layout: Layout, about: About): void {
  writeWhole(layout.about, `${JSON.stringify(about)}\n`);
}

/** Forgets everything but the lock, which the caller holds. */
export function resetLayout(layout: Layout): void {
  if (!existsSync(layout.folder)) return;
  const kept = new Set([layout.lock]);
  for (const name of readdirSync(layout.folder)) {
    const path = join(layout.folder, name);
    if (!kept.has(path)) rmSync(path, { recursive: true, force: true });
  }
}

/** The line for a folder that cannot be used as it is. */
export function refusal(layout: Layout, what: string): UserError {
  return new UserError(`${layout.folder} ${what}. Nothing was changed. Begin anew with --reset.`);
}

function readAbout(layout: Layout): About {
  if (!existsSync(layout.about)) {
    if (existsSync(layout.tenant) || existsSync(layout.pulumi)) {
      throw refusal(layout, "was made by an older version of the project");
    }
    const fresh: About = { version: LAYOUT_VERSION };
    writeAbout(layout, fresh);
    return fresh;
  }
  let about: Partial<About> | null;
  try {
    about = JSON.parse(readFileSync(layout.about, "utf8")) as Partial<About> | null;
  } catch {
    throw refusal(layout, "cannot be read: about.json is not JSON");
  }
  if (typeof about?.version !== "number") throw refusal(layout, "cannot be read: about.json has no version");
  return { ...about, version: about.version };
}
