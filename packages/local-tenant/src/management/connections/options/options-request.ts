import type { TenantContext } from "../../../context.ts";

export type Options = Record<string, unknown>;

/** What a strategy needs to know to complete the options that were sent. */
export interface OptionsRequest {
  readonly tenant: TenantContext;
  readonly strategy: string;
  /** As sent. */
  readonly sent: Options;
  /** As stored until now. Absent for a new connection. */
  readonly old?: Options;
}
