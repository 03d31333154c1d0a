import { isObject } from "../merge.ts";

/** Reads the document at an HTTPS address; `undefined` where it cannot be had. Never rejects. */
export type Discover = (url: string) => Promise<Record<string, unknown> | undefined>;

const DEADLINE = 3000;
const LIMIT = 262_144;

/**
 * Asks the network for an identity provider's discovery document, as production does when a connection is
 * saved.
 */
export const discoverOverNetwork: Discover = async (url) => {
  if (!/^https:\/\/[^\s]+$/.test(url)) return undefined;
  try {
    const response = await fetch(url, {
      headers: { accept: "application/json" },
      redirect: "error",
      signal: AbortSignal.timeout(DEADLINE),
    });
    const text = response.ok ? await response.text() : "";
    if (text.length > LIMIT) return undefined;
    const document: unknown = JSON.parse(text);
    return isObject(document) ? document : undefined;
  } catch {
    return undefined;
  }
};
