import { distance } from "fastest-levenshtein";

/**
 * The candidate that a person most likely meant, whatever its case: the nearest one, if no more than a third
 * of the word's characters, or two, had to be put in, taken out or changed. The stack's `nearestName` keeps
 * the same rule.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(word.length / 3));
  const [best] = candidates
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ edits }) => edits <= limit)
    .sort((left, right) => left.edits - right.edits);
  return best?.candidate;
}

/**
 * The nearest candidate as a question to add to a refusal, with a space before it; empty where none is near.
 */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const guess = nearest(word, candidates);
  return guess === undefined ? "" : ` Did you mean ${guess}?`;
}
