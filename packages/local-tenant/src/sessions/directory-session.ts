import type { Expiring } from "./expiring.ts";

/**
 * Who is signed in at the emulated Azure AD in one browser: an employee's id by the domain of the directory.
 */
export type DirectorySession = ReadonlyMap<string, string>;

/** By the secret in the browser's cookie, which is not the cookie of the session at Auth0. */
export type DirectorySessions = Expiring<DirectorySession>;
