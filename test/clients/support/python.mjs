import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The interpreter with the pinned Python clients. */
export const PYTHON = process.env.CLIENTS_PYTHON;
const FOLDER = fileURLToPath(new URL("../python", import.meta.url));

/** Runs a Python program of this folder to its end; its output is ours. */
export async function python(args, variables = {}, cwd = FOLDER) {
  const child = spawn(PYTHON, args, { cwd, stdio: "inherit", env: environment(variables) });
  const code = await new Promise((resolve) => child.once("close", resolve));
  assert.equal(code, 0, `python ${args.join(" ")} ended with ${code}`);
}

/** Starts a Python server. It ends with this process, and what it has said is shown when that fails. */
export function startPython(args, variables = {}, cwd = FOLDER) {
  const child = spawn(PYTHON, args, { cwd, stdio: ["ignore", "pipe", "pipe"], env: environment(variables) });
  let said = "";
  child.stdout.on("data", (text) => (said += text));
  child.stderr.on("data", (text) => (said += text));
  process.on("exit", (code) => {
    child.kill();
    if (code !== 0) console.error(said);
  });
}

function environment(variables) {
  return { ...process.env, PYTHONDONTWRITEBYTECODE: "1", PYTHONUNBUFFERED: "1", ...variables };
}
