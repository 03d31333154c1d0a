import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../support/sample.ts";

/** The text of a file of the checkout. */
export function read(path: string): string {
  return readFileSync(join(CHECKOUT, path), "utf8");
}

/** What a page has in its blocks of shell commands, a string each. */
export function shellBlocks(page: string): string[] {
  return [...read(page).matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block ?? "");
}

/** The programs of a page by name: blocks of JavaScript whose first line is a comment with it. */
export function programs(page: string): Map<string, string> {
  const blocks = read(page).matchAll(/^```js\n\/\/ ([\w.-]+)\n(.*?)^```/gms);
  return new Map([...blocks].map(([, name = "", code = ""]) => [name, code]));
}
