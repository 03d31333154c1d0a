import { existsSync } from "node:fs";
import type { ToolOptions } from "./options.ts";
import { checkIsStateFolder, lockFolder, stateFolder } from "./state-folder.ts";

/** Forgets a stopped tenant, its certificates, and what was deployed onto it. */
export function reset(options: ToolOptions): number {
  const folder = stateFolder(options.state);
  if (!existsSync(folder.path)) {
    process.stdout.write(`There is nothing in ${folder.path}.\n`);
    return 0;
  }
  checkIsStateFolder(folder);
  const lock = lockFolder(folder);
  try {
    folder.reset();
  } finally {
    lock.release();
  }
  process.stdout.write(`${folder.path} is empty; the next start makes a new tenant.\n`);
  return 0;
}
