/** A piece of a stream of JSON documents. */
export type JsonPart =
  /**
   * An element of a document that is a list, or of a document's list `value`. `before` is the document up to
   * its elements.
   */
  | { readonly kind: "element"; readonly line: number; readonly text: string; readonly before: string }
  /** A document that has ended; a list that was given by its elements is empty in it. */
  | { readonly kind: "document"; readonly line: number; readonly text: string; readonly list: boolean }
  /** Where no more can be read, and what was expected there. */
  | { readonly kind: "end"; readonly line: number; readonly expected: string };

/** No element of an export is nearly as long; in characters. */
const LONGEST = 64 * 1024 * 1024;

/**
 * Cuts documents that stand one after another, pages of Microsoft Graph for instance, into the elements of
 * their lists. Holds one element at a time, however long the list is. The parts are balanced, and JSON.parse
 * says whether they are JSON.
 */
export function* splitJson(pieces: Iterable<string>): Generator<JsonPart, void> {
  const splitter = new Splitter();
  for (const piece of pieces) {
    yield* splitter.push(piece);
    if (splitter.ended) return;
  }
  yield* splitter.end();
}

class Splitter {
  ended = false;
  #line = 1;
  #depth = 0;
  #quoted = false;
  #escaped = false;
  /** The depth inside the list that is given by its elements; 0 outside of one. */
  #listDepth = 0;
  #hasList = false;
  #elements = 0;
  #documentLine = 1;
  #elementLine = 1;
  /** The document so far, without the elements, and the element so far. */
  #document = "";
  #element = "";

  *push(piece: string): Generator<JsonPart, void> {
    let from = 0;
    const take = (to: number) => {
      if (this.#listDepth > 0) this.#element += piece.slice(from, to);
      else this.#document += piece.slice(from, to);
      from = to;
    };
    for (let at = 0; at < piece.length; at += 1) {
      const code = piece.charCodeAt(at);
      if (code === NEWLINE) this.#line += 1;
      if (this.#quoted) {
        if (this.#escaped) this.#escaped = false;
        else if (code === BACKSLASH) this.#escaped = true;
        else if (code === QUOTE) this.#quoted = false;
      } else if (this.#depth === 0) {
        if (code === OPEN_OBJECT || code === OPEN_LIST) {
          from = at;
          this.#begin();
          if (code === OPEN_LIST) {
            take(at + 1);
            this.#beginList();
          }
        } else if (!isSpace(code)) {
          return void (yield this.#bad("{ or [, where a document begins"));
        }
      } else if (code === QUOTE) {
        this.#quoted = true;
      } else if (code === OPEN_OBJECT || code === OPEN_LIST) {
        this.#depth += 1;
        if (code !== OPEN_LIST || this.#depth !== 2 || this.#listDepth > 0) continue;
        take(at + 1);
        if (/"value"\s*:\s*\[$/.test(this.#document.slice(-200))) this.#beginList();
      } else if (code === COMMA && this.#depth === this.#listDepth) {
        take(at);
        yield this.#finishElement();
        from = at + 1;
      } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
        if (this.#depth === this.#listDepth) {
          take(at);
          if (this.#elements > 0 || this.#element.trim() !== "") yield this.#finishElement();
          this.#element = "";
          this.#listDepth = 0;
        }
        this.#depth -= 1;
        if (this.#depth > 0) continue;
        take(at + 1);
        const list = this.#hasList;
        yield { kind: "document", line: this.#documentLine, text: this.#document, list };
        this.#document = "";
      }
    }
    if (this.#depth > 0) take(piece.length);
    if (this.#element.length + this.#document.length > LONGEST) {
      yield this.#bad(`the end of a value of more than ${LONGEST / 1024 / 1024} MB`);
    }
  }

  *end(): Generator<JsonPart, void> {
    if (this.#depth > 0) yield this.#bad("the rest of the document: the file ends in it");
  }

  #begin(): void {
    this.#depth = 1;
    this.#documentLine = this.#line;
    this.#document = "";
    this.#hasList = false;
  }

  #beginList(): void {
    this.#listDepth = this.#depth;
    this.#hasList = true;
    this.#elements = 0;
    this.#element = "";
    this.#elementLine = this.#line;
  }

  #finishElement(): JsonPart {
    const text = this.#element.trim();
    const before = this.#element.slice(0, this.#element.length - this.#element.trimStart().length);
    const line = this.#elementLine + before.split("\n").length - 1;
    this.#elements += 1;
    this.#element = "";
    this.#elementLine = this.#line;
    return { kind: "element", line, text, before: this.#document };
  }

  #bad(expected: string): JsonPart {
    this.ended = true;
    return { kind: "end", line: this.#line, expected };
  }
}

const [QUOTE, BACKSLASH, COMMA, NEWLINE] = [0x22, 0x5c, 0x2c, 0x0a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

function isSpace(code: number): boolean {
  return code === 0x20 || code === NEWLINE || code === 0x0d || code === 0x09;
}
