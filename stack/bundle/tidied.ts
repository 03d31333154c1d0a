import { transformSync } from "esbuild";

/**
 * Removes esbuild's comments (the path of each module, which means little in Auth0) and indents with tabs
 * instead of two spaces. The code stays readable and is 5 % shorter. Lines inside a text of several lines may
 * look like comments or indentation. If anything but the layout would change, the code stays as it is.
 */
export function tidied(code: string): string {
  const result = code
    .replace(/^\/\/ .*\n/gm, "")
    .replace(/^(?: {2})+/gm, (spaces) => "\t".repeat(spaces.length / 2));
  return withoutLayout(result) === withoutLayout(code) ? result : code;
}

function withoutLayout(code: string): string {
  return transformSync(code, { minifyWhitespace: true, legalComments: "none" }).code;
}
