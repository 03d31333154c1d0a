import { existsSync, readFileSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname } from "node:path";

/**
 * Says who owns a file or folder, or the nearest folder above it that exists, for a person who may not write
 * to it.
 * @returns such as `/home/me/.cache belongs to root, and this is me`; empty where the system has no owners.
 */
export function ownership(path: string): string {
  const found = nearestThatExists(path);
  const me = process.getuid?.();
  if (me === undefined) return "";
  const owner = statSync(found).uid;
  return owner === me
    ? `${found} belongs to ${nameOf(me)}, who may not write to it as it is`
    : `${found} belongs to ${nameOf(owner)}, and this is ${nameOf(me)}`;
}

/**
 * The command after which the user who runs this may write to a folder.
 * @param obstacle What in it, or above it, cannot be written to.
 */
export function givingBack(folder: string, obstacle = folder): string {
  const found = nearestThatExists(obstacle);
  const me = process.getuid?.();
  if (me === undefined || statSync(found).uid === me) return `chmod -R u+rwX "${found}"`;
  // A folder above may belong to anybody, such as /opt, so it stays as it is.
  const making = existsSync(folder) ? "" : `sudo mkdir -p "${folder}" && `;
  return `${making}sudo chown -R ${nameOf(me)} "${folder}"`;
}

/** A path below something that is not a folder counts as missing. */
function nearestThatExists(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestThatExists(dirname(path));
}

function nameOf(uid: number): string {
  try {
    if (uid === process.getuid?.()) return userInfo().username;
    const row = readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .map((line) => line.split(":"))
      .find(([, , id]) => id === String(uid));
    if (row?.[0] !== undefined) return row[0];
  } catch {
    // A user without a row, as in many containers.
  }
  return `user ${uid}`;
}
