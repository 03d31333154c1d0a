import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout that the tests are in. */
export const CHECKOUT = fileURLToPath(new URL("../../", import.meta.url));

/** The stack's file of the sample company XYZ. */
export const sampleStackFile = fileURLToPath(new URL("../sample/Pulumi.sample.yaml", import.meta.url));

/** The employees and groups of the sample company XYZ. */
export const sampleDirectoryFile = fileURLToPath(
  new URL("../../packages/local-tenant/src/directory/sample.json", import.meta.url),
);

/** What belongs to this machine, or to an earlier run. */
const NOT_COPIED = ["node_modules", ".git", ".local", ".venv", "coverage"];

/**
 * Makes `target` a copy of the checkout as it is now, uncommitted work included, with the same installed
 * packages.
 */
export function copyCheckout(target: string): void {
  cpSync(CHECKOUT, target, {
    recursive: true,
    filter: (source) => source === CHECKOUT || !NOT_COPIED.includes(basename(source)),
  });
  symlinkSync(join(CHECKOUT, "node_modules"), join(target, "node_modules"), "dir");
}

/**
 * Gives a copy of the project the sample company's name, configuration and employees, whatever the company
 * that the checkout belongs to has made of its own.
 */
export function putSample(target: string): void {
  mkdirSync(join(target, "local"), { recursive: true });
  const project = readFileSync(join(CHECKOUT, "Pulumi.yaml"), "utf8");
  writeFileSync(join(target, "Pulumi.yaml"), project.replace(/^name:.*$/m, "name: workforce-sso"));
  copyFileSync(sampleStackFile, join(target, "Pulumi.dev.yaml"));
  // Contracts speak of the company's own people and applications.
  rmSync(join(target, "access.yaml"), { force: true });
  copyFileSync(sampleDirectoryFile, join(target, "local", "directory.json"));
}

let project: string | undefined;
let checkout: string | undefined;

/**
 * A folder with the sample's project file, stack file and employees, for what reads no more of a project.
 * Only read it.
 */
export function sampleProject(): string {
  project ??= temporaryUntilExit(putSample);
  return project;
}

/** A whole checkout of the sample company's, for programs that run in it. Only read it. */
export function sampleCheckout(): string {
  checkout ??= temporaryUntilExit((folder) => {
    copyCheckout(folder);
    putSample(folder);
  });
  return checkout;
}

/** Makes a folder that is removed when this process ends. */
export function temporaryUntilExit(fill: (folder: string) => void): string {
  const parent = mkdtempSync(join(tmpdir(), "workforce-sso-sample-"));
  process.once("exit", () => rmSync(parent, { recursive: true, force: true }));
  const folder = join(parent, "xyz sso");
  mkdirSync(folder);
  fill(folder);
  return folder;
}
