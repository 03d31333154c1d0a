import { existsSync, readFileSync } from "node:fs";
import type {
  ActionEntity,
  ActionVersionEntity,
  BindingEntity,
  ClientCredentialEntity,
  ClientEntity,
  ClientGrantEntity,
  ConnectionEntity,
  DocumentEntity,
  LogEntity,
  ResourceServerEntity,
  RoleEntity,
  SigningKeyEntity,
  UserEntity,
} from "./entities.ts";
import { UserError } from "../lib/errors.ts";
import { writeWhole } from "../lib/write-whole.ts";

/** The format of the state file. A file with another number is refused: nobody guesses what it means. */
export const STATE_VERSION = 1;

/** Rows by key, in the order in which they were added. */
export class Table<Row> {
  readonly #rows = new Map<string, Row>();
  readonly #key: (row: Row) => string;
  readonly #changed: () => void;

  constructor(key: (row: Row) => string, changed: () => void) {
    this.#key = key;
    this.#changed = changed;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  find(test: (row: Row) => boolean): Row | undefined {
    for (const row of this.#rows.values()) if (test(row)) return row;
    return undefined;
  }

  /** All rows, or those that pass the test, as a new array. */
  list(test?: (row: Row) => boolean): Row[] {
    const rows = [...this.#rows.values()];
    return test === undefined ? rows : rows.filter(test);
  }

  /** Adds a row, or puts it in the place of the one with the same key. */
  put(row: Row): Row {
    this.#rows.set(this.#key(row), row);
    this.#changed();
    return row;
  }

  delete(key: string): boolean {
    const deleted = this.#rows.delete(key);
    if (deleted) this.#changed();
    return deleted;
  }

  /** Takes the place of all rows, in the given order. */
  replaceAll(rows: readonly Row[]): void {
    this.#rows.clear();
    for (const row of rows) this.#rows.set(this.#key(row), row);
    this.#changed();
  }

  /** Drops the oldest rows until at most `limit` are left. */
  trim(limit: number): void {
    for (const key of this.#rows.keys()) {
      if (this.#rows.size <= limit) return;
      this.delete(key);
    }
  }
}

/** Settings of the tenant (`/tenants/settings`) in their wire shape. */
export type TenantSettings = Record<string, unknown> & { flags: Record<string, boolean> };

type Tables = ReturnType<typeof createTables>;

function createTables(changed: () => void) {
  return {
    clients: new Table<ClientEntity>((row) => row.client_id, changed),
    clientCredentials: new Table<ClientCredentialEntity>((row) => row.id, changed),
    clientGrants: new Table<ClientGrantEntity>((row) => row.id, changed),
    connections: new Table<ConnectionEntity>((row) => row.id, changed),
    resourceServers: new Table<ResourceServerEntity>((row) => row.id, changed),
    actions: new Table<ActionEntity>((row) => row.id, changed),
    actionVersions: new Table<ActionVersionEntity>((row) => row.id, changed),
    bindings: new Table<BindingEntity>((row) => row.id, changed),
    roles: new Table<RoleEntity>((row) => row.id, changed),
    users: new Table<UserEntity>((row) => row.user_id, changed),
    signingKeys: new Table<SigningKeyEntity>((row) => row.kid, changed),
    logs: new Table<LogEntity>((row) => row.log_id, changed),
    documents: new Table<DocumentEntity>((row) => row.path, changed),
  };
}

interface StateDocument {
  version: number;
  domain: string;
  deployer: { clientId: string; clientSecret: string };
  settings: TenantSettings;
  tables: { [Name in keyof Tables]?: unknown[] };
}

/**
 * Everything that the tenant remembers. Without a file it lives only in memory. With one, `save()` writes
 * every change made before the call: the server calls it before it answers, so what was acknowledged survives
 * a kill. The file is replaced by a rename, so it is never half-written.
 */
export class Store {
  readonly tables: Tables;
  /**
   * Host and port of the tenant. They are part of its issuer, so they are fixed for the life of the state.
   */
  domain = "";
  /** The client that deploys to this tenant, with every Management API scope. */
  deployer = { clientId: "", clientSecret: "" };
  settings: TenantSettings = { flags: {} };
  /** Whether the state was read from a file, and so needs no seed. */
  readonly existed: boolean;
  readonly #file: string | undefined;
  #dirty = false;

  /**
   * Reads the file where there is one; a table that it lacks, since an older version wrote it, is empty.
   * @throws {UserError} when the file is not a state that this version can read; the file is left as it is.
   */
  constructor(file?: string) {
    this.tables = createTables(() => {
      this.#dirty = true;
    });
    this.#file = file;
    this.existed = file !== undefined && existsSync(file);
    if (file !== undefined && this.existed) this.#load(file);
    this.#dirty = false;
  }

  /** Says that something outside the tables has changed (settings, or a row edited in place). */
  touch(): void {
    this.#dirty = true;
  }

  /** Writes what has changed. Synchronous underneath, so that no two writes can overlap. */
  save(): void {
    if (!this.#dirty || this.#file === undefined) return;
    const document: StateDocument = {
      version: STATE_VERSION,
      domain: this.domain,
      deployer: this.deployer,
      settings: this.settings,
      tables: Object.fromEntries(Object.entries(this.tables).map(([name, table]) => [name, table.list()])),
    };
    writeWhole(this.#file, JSON.stringify(document));
    this.#dirty = false;
  }

  #load(file: string): void {
    const document = readDocument(file);
    this.domain = document.domain;
    this.deployer = document.deployer;
    this.settings = document.settings;
    // SAFETY: the keys are those of the tables, which Object.entries widens to string.
    for (const [name, table] of Object.entries(this.tables) as [keyof Tables, Table<unknown>][]) {
      // A version that did not know the table yet has kept nothing of its kind.
      table.replaceAll(document.tables[name] ?? []);
    }
  }
}

function readDocument(file: string): StateDocument {
  const refuse = (what: string) =>
    new UserError(`The state file ${file} ${what}. Nothing was changed. Start with --reset to begin anew.`);
  let document: Partial<StateDocument>;
  try {
    document = JSON.parse(readFileSync(file, "utf8")) as Partial<StateDocument>;
  } catch (error) {
    throw refuse(`is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (document === null || typeof document !== "object") throw refuse("is not a JSON object");
  if (document.version !== STATE_VERSION) {
    throw refuse(`has format ${String(document.version)}, and this version reads format ${STATE_VERSION}`);
  }
  const tables: unknown = document.tables;
  if (tables === null || typeof tables !== "object") throw refuse("has no tables");
  const names = Object.keys(createTables(() => undefined));
  const broken = Object.entries(tables).find(([name, rows]) => names.includes(name) && !Array.isArray(rows));
  if (broken !== undefined) throw refuse(`has a table ${broken[0]} that is not a list`);
  if (typeof document.domain !== "string" || document.settings?.flags === undefined || !document.deployer) {
    throw refuse("lacks the tenant's domain, settings or deployer");
  }
  // SAFETY: every field of the document was looked at above.
  return document as StateDocument;
}
