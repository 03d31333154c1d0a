import children from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
import { relative } from "node:path";

/*
 * `npm run test:fast` runs the specs that start no process, and knows them by their names: all but
 * *.process.spec.ts and *.engine.spec.ts. Mocha loads this before the specs, in every run, so that a wrong
 * name fails wherever it is run.
 */
const MAY_START = /\.(process|engine)\.spec\.ts$/;
/** With --parallel mocha starts processes of its own, which load the specs. */
const MOCHA_WORKER = /mocha[\\/]lib[\\/]nodejs[\\/]worker/;

/** The spec whose test or hook runs now; none while specs are loaded. */
let spec: string | undefined;
/** Why that test or hook fails at its end, even if the code under test has swallowed what was thrown. */
let refusal: Error | undefined;

function check(command: string): void {
  if (spec === undefined ? MOCHA_WORKER.test(command) : MAY_START.test(spec)) return;
  const who = spec === undefined ? "A spec that is being loaded" : relative(process.cwd(), spec);
  refusal = new Error(
    `${who} starts a process (${command.slice(0, 80)}), but npm run test:fast runs it with those that start none. ` +
      "End the spec's name in .process.spec.ts, or in .engine.spec.ts if it needs the Pulumi engine, " +
      "and start processes in its tests and hooks alone.",
  );
  throw refusal;
}

/**
 * What node:child_process does with the arguments of spawn, fork, exec and execFile, which all come to this.
 */
interface Spawning {
  spawn: (this: Spawning, options: { readonly file: string; readonly args?: readonly string[] }) => unknown;
}
// SAFETY: Node has had this method on every child since version 0.x, though its types do not name it.
const child = children.ChildProcess.prototype as unknown as Spawning;
const spawn = child.spawn;
child.spawn = function (options) {
  check(options.args?.join(" ") ?? options.file);
  return spawn.call(this, options);
};

type Synchronous = (command: string, ...rest: readonly unknown[]) => unknown;
// SAFETY: all three take a command first; what comes after it is handed on as it is.
const synchronous = children as unknown as Record<"spawnSync" | "execFileSync" | "execSync", Synchronous>;
for (const name of ["spawnSync", "execFileSync", "execSync"] as const) {
  const original = synchronous[name];
  synchronous[name] = (command, ...rest) => {
    check(Array.isArray(rest[0]) ? [command, ...(rest[0] as unknown[])].join(" ") : command);
    return original(command, ...rest);
  };
}
syncBuiltinESMExports();

/** Mocha's way to run a test or a hook. */
interface Runnable {
  readonly file?: string;
  run: (this: Runnable, done: (error?: unknown) => void) => void;
}

/** A worker of mocha's calls the hook for each spec that it runs. */
const guarded = new WeakSet<Runnable>();

export const mochaHooks = {
  beforeAll(this: Mocha.Context) {
    // Tests and hooks inherit it from one prototype, whichever copy of mocha this is.
    const runnable = Object.getPrototypeOf(Object.getPrototypeOf(this.runnable())) as Runnable;
    if (guarded.has(runnable)) return;
    guarded.add(runnable);
    const { run } = runnable;
    runnable.run = function (done) {
      spec = this.file;
      refusal = undefined;
      return run.call(this, (error) => done(refusal ?? error));
    };
  },
};
