import { cpSync, lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT, copyCheckout, temporaryUntilExit } from "./sample.ts";

/** A copy of the checkout, and the state of each of its entries when it was made. */
interface Copy {
  readonly root: string;
  entries: ReadonlyMap<string, string>;
  lent: boolean;
}

let copy: Copy | undefined;

/**
 * Runs `body` with a copy of the checkout that it may change in any way. Afterwards what has changed is put
 * right for the next one: to copy and remove a thousand files takes longer than most tests.
 */
export async function withCopy<T>(body: (root: string) => Promise<T> | T): Promise<T> {
  copy ??= makeCopy();
  if (copy.lent) throw new Error("The copy of the checkout is lent already: one test has it at a time.");
  copy.lent = true;
  try {
    return await body(copy.root);
  } finally {
    putRight(copy);
  }
}

function makeCopy(): Copy {
  const root = temporaryUntilExit(copyCheckout);
  return { root, entries: entriesOf(root), lent: false };
}

function putRight(copy: Copy): void {
  const { root, entries } = copy;
  const now = entriesOf(root);
  for (const [path, state] of now) {
    if (entries.get(path) !== state) rmSync(join(root, path), { recursive: true, force: true });
  }
  for (const [path, state] of entries) {
    if (now.get(path) === state) continue;
    cpSync(join(CHECKOUT, path), join(root, path), { recursive: true });
  }
  copy.entries = entriesOf(root);
  copy.lent = false;
}

/** Folders, files and links by path, and what is different once one was changed or replaced. */
function entriesOf(root: string): Map<string, string> {
  const entries = new Map<string, string>();
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (entry.name === "node_modules") continue;
      const path = join(folder, entry.name);
      const { ino, size, mtimeMs, ctimeMs } = lstatSync(join(root, path));
      entries.set(path, entry.isDirectory() ? "folder" : `${ino} ${size} ${mtimeMs} ${ctimeMs}`);
      if (entry.isDirectory()) visit(path);
    }
  };
  visit("");
  return entries;
}
