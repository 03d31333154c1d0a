/** Tells a person about work that takes long. */
export interface Reporter {
  /** One line. */
  say(line: string): void;
  /** Begins something that may take long. */
  progress(text: string): Progress;
}

/** Something that is under way. On a terminal it is one line that changes, elsewhere a line now and then. */
export interface Progress {
  update(text: string): void;
  /** Ends it, with a last line if one is given. */
  done(text?: string): void;
}

/** Says nothing. */
export const silent: Reporter = {
  say: () => undefined,
  progress: () => ({ update: () => undefined, done: () => undefined }),
};
