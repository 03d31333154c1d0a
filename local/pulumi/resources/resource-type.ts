import type { ManagementApi } from "./management-api.ts";
import type { Fields } from "./schema.ts";
import type { Props } from "./values.ts";

/** The old and new values of an update. Both are revealed: without wraps and plugin keys. */
export interface Change {
  readonly olds: Props;
  readonly news: Props;
  /**
   * Whether an update has to send this input: it differs, or it is gone and the server would not choose it
   * itself.
   */
  changed(name: string): boolean;
}

/**
 * One resource type of the auth0 plugin: its schema, and its operations, which send the same requests in the
 * same order as the plugin 3.49.0. Inputs are checked and revealed. Outputs are plain, one key per field;
 * `finishOutputs` adds wraps and plugin keys.
 */
export interface ResourceType {
  /** Such as `auth0:index/action:Action`. */
  readonly token: string;
  readonly fields: Fields;
  /** What the plugin keeps for itself in `__meta`, if anything. */
  readonly meta?: string;
  /** Rules between inputs. The reason, beginning with a property's name and a colon, or undefined. */
  validate?(inputs: Props): string | undefined;
  /**
   * Makes it. Calls `made` as soon as the server has it. After an error later on, the state then has a
   * resource with this id, and the tenant no orphan.
   */
  create(
    api: ManagementApi,
    inputs: Props,
    made: (id: string) => void,
  ): Promise<{ id: string; outputs: Props }>;
  /**
   * What the server has, or undefined where it is gone. `olds` holds what cannot be read: absent on import.
   */
  read(api: ManagementApi, id: string, olds?: Props): Promise<Props | undefined>;
  update(api: ManagementApi, id: string, change: Change): Promise<Props>;
  /** Removes it; gone already is fine. */
  delete(api: ManagementApi, id: string, olds: Props): Promise<void>;
}
