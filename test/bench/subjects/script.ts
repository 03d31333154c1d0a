import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The command that a script of a checkout's package.json stands for, without npm's own time. */
export function scriptCommand(root: string, name: string): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const [node = "", ...words] = (scripts[name] ?? "").split(" ");
  return [node === "node" ? process.execPath : node, ...words];
}
