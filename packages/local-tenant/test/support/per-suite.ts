/** Something that tests use. It is opened for them, and closed after them where it can be. */
type Opened = object & { close?(): unknown };
type Open<T> = (context: Mocha.Context) => Promise<T> | T;

/**
 * What `open` gives, for all tests of a suite: opened before the first of them, closed after the last. Call
 * it inside `describe`; hooks and tests use the answer as if it were the thing itself.
 */
export function perSuite<T extends Opened>(open: Open<T>): T {
  return opened(open, before, after);
}

/** As `perSuite`, but each test of the suite has one of its own. */
export function perTest<T extends Opened>(open: Open<T>): T {
  return opened(open, beforeEach, afterEach);
}

function opened<T extends Opened>(open: Open<T>, first: Mocha.HookFunction, last: Mocha.HookFunction): T {
  let now: T | undefined;
  first(async function () {
    now = await open(this);
  });
  last(async () => {
    const closing = now;
    now = undefined;
    await closing?.close?.();
  });
  const current = (): T => {
    if (now === undefined)
      throw new Error("Use this in hooks and tests alone: nothing is open outside of them.");
    return now;
  };
  // SAFETY: whatever is done with the proxy is done with what `open` gave, which is a T.
  return new Proxy({} as T, {
    get(_target, key) {
      const it = current();
      const value: unknown = Reflect.get(it, key);
      // A method must have the object itself as `this`: a proxy has no private fields.
      return typeof value === "function" ? (value.bind(it) as unknown) : value;
    },
    set: (_target, key, value) => Reflect.set(current(), key, value),
    has: (_target, key) => Reflect.has(current(), key),
    ownKeys: () => Reflect.ownKeys(current()),
    getOwnPropertyDescriptor(_target, key) {
      const descriptor = Reflect.getOwnPropertyDescriptor(current(), key);
      return descriptor && { ...descriptor, configurable: true };
    },
  });
}
