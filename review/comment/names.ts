import { code } from "../claims/markdown.ts";

/** How a name of the directory, the configuration or a file is shown in Markdown. */
export type Show = (name: string) => string;

/**
 * Characters that a comment has room for: all of an Entra ID group's name, and a sentence with two of those.
 */
const LONGEST = 600;

/**
 * A name in a comment, as code, in which nothing is a mention, a link, a number of an issue, HTML or
 * emphasis.
 */
export const shortCode: Show = (name) => {
  const characters = [...name];
  return code(characters.length <= LONGEST ? name : `${characters.slice(0, LONGEST).join("")}…`);
};
