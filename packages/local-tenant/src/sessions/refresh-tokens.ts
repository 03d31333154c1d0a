import type { SessionChanges } from "../actions/types.ts";
import type { TenantContext } from "../context.ts";
import type { ClientEntity } from "../store/entities.ts";
import type { Grant, RefreshTokenRecord } from "./grant.ts";

/** A client's `refresh_token` settings, with production's defaults. */
export interface RefreshPolicy {
  readonly rotating: boolean;
  readonly leewayMs: number;
  readonly lifetimeMs: number | undefined;
  readonly idleMs: number | undefined;
}

/** Makes the first refresh token of a sign-in, with what its Actions asked for. */
export function startFamily(
  context: TenantContext,
  client: ClientEntity,
  grant: Grant,
  family: string,
  changes: SessionChanges,
): string {
  const { lifetimeMs } = refreshPolicy(client);
  const expiresAt = lifetimeMs === undefined ? {} : { expiresAt: context.now() + lifetimeMs };
  // The nonce belongs only to the request that began the sign-in and to its ID token.
  const rest: { -readonly [Key in keyof Grant]: Grant[Key] } = { ...grant };
  delete rest.nonce;
  const record: RefreshTokenRecord = { grant: rest, family, createdAt: context.now(), ...expiresAt };
  return keep(context, client, context.ids.secret(34), changedRecord(record, changes));
}

/** A refresh token after what Actions asked for: its ends and its metadata. */
export function changedRecord(record: RefreshTokenRecord, changes: SessionChanges): RefreshTokenRecord {
  const { expiresAt, idleExpiresAt, metadata } = changes;
  const changed: { -readonly [Key in keyof RefreshTokenRecord]: RefreshTokenRecord[Key] } = { ...record };
  if (expiresAt !== undefined) changed.expiresAt = Math.min(record.expiresAt ?? Infinity, expiresAt);
  // The token was used, so an idle end that was asked for before no longer counts.
  delete changed.idleExpiresAt;
  if (idleExpiresAt !== undefined) changed.idleExpiresAt = idleExpiresAt;
  if (metadata !== undefined) changed.metadata = metadata;
  return changed;
}

/** Makes the refresh token that takes the place of one that was exchanged, in its family and with its end. */
export function continueFamily(
  context: TenantContext,
  client: ClientEntity,
  held: RefreshTokenRecord,
): string {
  const record: { -readonly [Key in keyof RefreshTokenRecord]: RefreshTokenRecord[Key] } = { ...held };
  record.createdAt = context.now();
  delete record.rotatedAt;
  return keep(context, client, context.ids.secret(34), record);
}

/**
 * Keeps a refresh token, from now on as long as it may lie idle. One that is not rotated is kept again each
 * time it is used.
 */
export function keep(
  context: TenantContext,
  client: ClientEntity,
  token: string,
  record: RefreshTokenRecord,
): string {
  const { idleMs } = refreshPolicy(client);
  const now = context.now();
  const ends = [now + (idleMs ?? Infinity), record.expiresAt ?? Infinity, record.idleExpiresAt ?? Infinity];
  const end = Math.min(...ends);
  context.signIns.refreshTokens.set(token, record, end - now);
  return token;
}

/** What a client's `refresh_token` settings say. */
export function refreshPolicy(client: ClientEntity): RefreshPolicy {
  // SAFETY: the Management API checks the shape of refresh_token before it is stored.
  const settings = (client["refresh_token"] ?? {}) as {
    rotation_type?: string;
    expiration_type?: string;
    leeway?: number;
    token_lifetime?: number;
    idle_token_lifetime?: number;
    infinite_token_lifetime?: boolean;
    infinite_idle_token_lifetime?: boolean;
  };
  const expiring = settings.expiration_type === "expiring";
  const ends = expiring && settings.infinite_token_lifetime !== true;
  const endsIdle = settings.infinite_idle_token_lifetime === false || expiring;
  return {
    rotating: settings.rotation_type === "rotating",
    leewayMs: (settings.leeway ?? 0) * 1000,
    lifetimeMs: ends ? (settings.token_lifetime ?? 2_592_000) * 1000 : undefined,
    idleMs:
      endsIdle && settings.infinite_idle_token_lifetime !== true
        ? (settings.idle_token_lifetime ?? 1_296_000) * 1000
        : undefined,
  };
}
