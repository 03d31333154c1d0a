import { UserError } from "../lib/errors.ts";
import { runChild } from "../lib/run-child.ts";

/** The Node.js that Actions run on. */
export interface ActionNode {
  readonly path: string;
  readonly version: string;
  readonly major: number;
  /** Flags that turn the permission model on, with nothing allowed yet. */
  readonly permissionFlags: readonly string[];
}

/**
 * Finds the Node.js to run Actions with: `node`, else the `ACTION_NODE` variable, else this process's own.
 * @throws {UserError} when it cannot be run, or has no permission model (Node.js 20.0 was the first that
 * has).
 */
export async function findActionNode(node = process.env["ACTION_NODE"]): Promise<ActionNode> {
  const path = node === undefined || node === "" ? process.execPath : node;
  const version = path === process.execPath ? process.versions.node : await askVersion(path);
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (!(major >= 20)) {
    throw new UserError(
      `Actions need Node.js 20 or newer, and ${path} is ${version}. Set ACTION_NODE to another one.`,
    );
  }
  const stable = major > 22 || (major === 22 && minor >= 13);
  const permissionFlags = [stable ? "--permission" : "--experimental-permission"];
  // From 25 on the permission model covers the network, which Actions need.
  if (major >= 25) permissionFlags.push("--allow-net");
  return { path, version, major, permissionFlags };
}

async function askVersion(path: string): Promise<string> {
  const asked = await runChild(path, ["-p", "process.versions.node"], { env: {}, deadline: 10_000 });
  if (asked.end === 0) return asked.stdout.trim();
  const reason = typeof asked.end === "string" ? `it ${asked.end}` : `exit code ${asked.end}`;
  throw new UserError(
    `The Node.js for Actions, ${path}, cannot be run: ${reason}. Set ACTION_NODE to another one.`,
  );
}
