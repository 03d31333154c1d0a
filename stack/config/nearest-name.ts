import { distance } from "fastest-levenshtein";

/**
 * The known name that a person most likely meant, in any case of letters. It is the nearest one, if at most a
 * third of the name's characters, or two, must be added, removed or changed. The local commands have the same
 * rule (`nearest`).
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(name.length / 3));
  const [best] = known
    .map((candidate) => ({ candidate, edits: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ edits }) => edits <= limit)
    .sort((left, right) => left.edits - right.edits);
  return best?.candidate;
}
