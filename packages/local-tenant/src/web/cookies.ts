import type { FastifyReply, FastifyRequest } from "fastify";
import type { TenantContext } from "../context.ts";

/**
 * Cookies know no ports, so the port is in the name: an application on another port of localhost keeps its
 * own. The prefix makes browsers refuse them from anyone but this host, over HTTPS, for the whole of it (RFC
 * 6265bis section 4.1.3.2).
 */
function cookieName(context: TenantContext, kind: "session" | "browser" | "directory"): string {
  return `__Host-tenant-${kind}-${context.domain.split(":")[1] ?? "443"}`;
}

const DIRECTORY_COOKIE = { httpOnly: true, secure: true, sameSite: "lax", path: "/" } as const;

/** The secret of the browser's session, if its cookie has one. */
export function sessionHandle(context: TenantContext, request: FastifyRequest): string | undefined {
  return request.cookies[cookieName(context, "session")];
}

/**
 * Gives the browser a session. `SameSite=None`, as in production: an application on http://localhost asks for
 * silent sign-ons in a frame, and to a browser that is another site.
 */
export function setSessionHandle(context: TenantContext, reply: FastifyReply, handle: string): void {
  reply.setCookie(cookieName(context, "session"), handle, {
    httpOnly: true,
    secure: true,
    sameSite: "none",
    path: "/",
  });
}

export function clearSessionHandle(context: TenantContext, reply: FastifyReply): void {
  reply.clearCookie(cookieName(context, "session"), {
    httpOnly: true,
    secure: true,
    sameSite: "none",
    path: "/",
  });
}

/** Which browser this is, for sign-ins under way. */
export function browserId(context: TenantContext, request: FastifyRequest): string | undefined {
  return request.cookies[cookieName(context, "browser")];
}

/** The id of this browser. A browser without one gets one. */
export function ensureBrowserId(
  context: TenantContext,
  request: FastifyRequest,
  reply: FastifyReply,
): string {
  const known = browserId(context, request);
  // A value that we cannot have made is replaced, so that nobody can choose the id of another person's
  // browser.
  if (known !== undefined && /^[\w-]{32}$/.test(known)) return known;
  const id = context.ids.secret(24);
  reply.setCookie(cookieName(context, "browser"), id, {
    httpOnly: true,
    secure: true,
    sameSite: "lax",
    path: "/",
  });
  return id;
}

/** The secret of what the emulated Azure AD remembers about this browser. */
export function directoryHandle(context: TenantContext, request: FastifyRequest): string | undefined {
  return request.cookies[cookieName(context, "directory")];
}

export function setDirectoryHandle(context: TenantContext, reply: FastifyReply, handle: string): void {
  reply.setCookie(cookieName(context, "directory"), handle, DIRECTORY_COOKIE);
}

export function clearDirectoryHandle(context: TenantContext, reply: FastifyReply): void {
  reply.clearCookie(cookieName(context, "directory"), DIRECTORY_COOKIE);
}
