import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** The first executable file of that name in the folders of PATH, as an absolute path. */
export function findOnPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  for (const folder of folders) {
    const file = join(folder, executableName(name));
    if (isExecutable(file)) return file;
  }
  return undefined;
}

/** The file name of a program on this system. */
export function executableName(name: string): string {
  return process.platform === "win32" ? `${name}.exe` : name;
}

/** Whether there is such a file, and this process may run it. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
