import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Writes an executable file that runs `source`, a CommonJS program, on this process's Node.js. */
export function writeProgram(file: string, source: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!${process.execPath}\n${source}`);
  chmodSync(file, 0o755);
}

/** What `pulumi version` of a fake CLI does. */
export function fakePulumi(version: string): string {
  return `if (process.argv[2] !== "version") process.exit(2); console.log("v${version}");`;
}

/**
 * A fake \`go\`: \`go env NAME\` prints the variable; it takes part of a second over \`go build -o=FILE\`,
 * adds a line to \`log\`, and leaves a CLI in FILE.
 */
export function fakeGo(log: string, version: string, milliseconds = 300): string {
  return `
const { appendFileSync, writeFileSync, chmodSync } = require("node:fs");
if (process.argv[2] === "env") {
  console.log(process.env[process.argv[3]] ?? "");
  process.exit();
}
const output = process.argv.find((word) => word.startsWith("-o=")).slice(3);
appendFileSync(${JSON.stringify(log)}, process.pid + "\\n");
console.error("go: downloading example.com/module v1.0.0");
console.error("internal/abi");
writeFileSync(output, "half");
setTimeout(() => {
  writeFileSync(output, ${JSON.stringify(`#!${process.execPath}\n${fakePulumi(version)}`)});
  chmodSync(output, 0o755);
}, ${milliseconds});
`;
}

/** What `pulumi-resource-auth0 --version` of a fake plugin does. */
export function fakePlugin(version: string): string {
  return `if (process.argv[2] === "--version") console.log("${version}");`;
}
