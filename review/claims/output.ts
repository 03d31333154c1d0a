import type { ClaimsHead, ClaimsRow, ClaimsSide } from "./model.ts";

/** Takes text that is to be written, and resolves when more may come. */
export type Write = (text: string) => Promise<void>;

/** One form of output for the claims of one program. */
export type ClaimsOutput = (side: ClaimsSide, write: Write) => Promise<void>;

/** How many rows ended how, for the end of an output. */
export class ClaimsTally {
  readonly #outcomes = { "signed-in": 0, denied: 0, failed: 0 };
  #largest: ClaimsRow | undefined;

  add(row: ClaimsRow): void {
    this.#outcomes[row.outcome] += 1;
    if (row.idTokenBytes > (this.#largest?.idTokenBytes ?? 0)) this.#largest = row;
  }

  /** Counts by outcome. */
  get outcomes(): Readonly<Record<ClaimsRow["outcome"], number>> {
    return this.#outcomes;
  }

  /** The row with the largest ID token. */
  get largest(): ClaimsRow | undefined {
    return this.#largest;
  }
}

/** Where the configuration and the program are from, in a few words. */
export function originOf({ ref }: ClaimsHead): string {
  return ref === undefined ? "the working tree" : ref;
}

const TOKENS: Readonly<Record<string, string>> = {
  id: "ID token",
  access: "access token",
  saml: "SAML assertion",
};

/** What the claims are a model of, as names and values in the order in which they are shown. */
export function headLines(head: ClaimsHead): readonly (readonly [name: string, value: string])[] {
  const { directory, groupSources, groupsClaim, tokens } = head;
  const people = `${directory.people} ${directory.people === 1 ? "person" : "people"}`;
  const sources = groupSources.length === 0 ? "the program's own order" : groupSources.join(", then ");
  return [
    ["stack", `${head.stack} of ${originOf(head)}`],
    [
      "directory",
      `${directory.file} of ${directory.date.slice(0, 10)}: ${people} of ${directory.names.join(", ")}`,
    ],
    ["groups from", sources],
    ["claim", `${groupsClaim} in the ${tokens.map((token) => TOKENS[token] ?? token).join(" and the ")}`],
    ...head.notIn.map((sentence) => ["not in it", sentence] as const),
  ];
}

/**
 * A text of the directory or the program on one line of a terminal: control characters, which could move the
 * cursor or turn the line around, are shown by their number.
 */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    const number = character.codePointAt(0) ?? 0;
    return `\\u{${number.toString(16)}}`;
  });
}
