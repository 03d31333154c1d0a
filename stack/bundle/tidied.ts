import { transformSync } from "esbuild";

/**
 * The code without esbuild's comments (the path of each module, which says little where there are no files) and with a tab for
 * each level instead of two spaces: as readable, and a twentieth shorter. A text with several lines may have lines that only look
 * like such; where anything but the layout would change, the code stays as it is.
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
