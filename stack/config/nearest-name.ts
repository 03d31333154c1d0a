import { distance } from "fastest-levenshtein";

/**
 * Of the names known, the one that a person most likely meant, whatever its case: the nearest one, if no more than a third of the
 * name's characters, or two, had to be put in, taken out or changed. The local commands keep the same rule (`nearest`).
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(name.length / 3));
  const [best] = known
    .map((candidate) => ({ candidate, edits: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ edits }) => edits <= limit)
    .sort((left, right) => left.edits - right.edits);
  return best?.candidate;
}
