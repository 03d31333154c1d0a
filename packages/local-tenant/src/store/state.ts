import { DISK } from "./disk.ts";
import type { Disk } from "./disk.ts";
import type { Content } from "./layered-map.ts";
import { recordOf, replay } from "./record.ts";
import { addressOf, storedRow, storedSettings } from "./own-address.ts";
import { STATE_VERSION } from "./snapshot.ts";
import type { TenantSettings, Whole } from "./snapshot.ts";
import { StateFile } from "./state-file.ts";
import { StoreError } from "./store-error.ts";
import { Table } from "./table.ts";
import type { Journal } from "./table.ts";
import { createTables, heardBy } from "./tables.ts";
import type { TableName, Tables } from "./tables.ts";
import { placeNewRows, takeBack, Transaction, Transactions } from "./transactions.ts";
import type { Changes } from "./transactions.ts";

/** The content of a store at one moment. It costs nothing: what is not changed later is shared. */
export interface StoreSnapshot {
  /** By the names of the tables. */
  readonly contents: ReadonlyMap<string, Content<unknown>>;
}

/** What there is one of in a tenant. */
interface Single {
  readonly name: "domain" | "deployer" | "settings";
  readonly value: unknown;
}

export interface StoreOptions {
  /** Whether a change is on the disk itself before it counts, so that a power cut does not take it. */
  readonly flush?: boolean;
  readonly disk?: Disk;
  /** Hears in a line of what the person who runs the tenant should know; standard error by default. */
  readonly say?: (line: string) => void;
}

/** A store with a file, and what one request changes in it. */
class Begun {
  readonly store: Store;
  readonly transaction = new Transaction();

  constructor(store: Store) {
    this.store = store;
  }
}

/**
 * Everything that the tenant remembers. All of it is in memory. With a file, the changes of a request are a
 * transaction: they are stored together before the request is answered, or taken back together.
 */
export class Store {
  readonly tables: Tables;
  #existed: boolean;
  readonly #single: Table<Single>;
  /** Every table under the name that it has in the files. */
  readonly #named: ReadonlyMap<string, Table<unknown>>;
  readonly #file: StateFile | undefined;
  readonly #transactions: Transactions;
  /** What is changed by way of this object belongs to it. */
  readonly #transaction: Transaction;

  /**
   * Reads the file where there is one, and writes nothing until there is something to store.
   * @throws {UserError} when the file is not a state that this version can read; the file is left as it is.
   */
  constructor(file?: string | Begun, { flush = false, disk = DISK, say }: StoreOptions = {}) {
    let reading = true;
    const journal: Journal = (...change) => {
      if (!reading) this.#transactions.note(this.#transaction, ...change);
    };
    if (file instanceof Begun) {
      const { store, transaction } = file;
      this.#transactions = store.#transactions;
      this.#transaction = transaction;
      this.tables = heardBy(journal, store.tables);
      this.#single = store.#single.heardBy(journal);
      this.#named = store.#named;
      this.#file = store.#file;
      this.#existed = store.#existed;
    } else {
      this.#transactions = new Transactions();
      this.#transaction = this.#transactions.outside;
      this.tables = createTables(file === undefined ? undefined : journal);
      this.#single = new Table(({ name }) => name, file === undefined ? undefined : journal);
      // SAFETY: what is put into a table came from the same table of an earlier run.
      this.#named = new Map(Object.entries({ ...this.tables, single: this.#single })) as ReadonlyMap<
        string,
        Table<unknown>
      >;
      this.#file = file === undefined ? undefined : new StateFile(file, disk, flush, say);
      this.#existed = this.#load();
    }
    reading = false;
  }

  /** Whether the state was read from a file or is that of another store, and so needs no seed. */
  get existed(): boolean {
    return this.#existed;
  }

  /**
   * Host and port that the tenant had last. They are part of its issuer; no row has them.
   */
  get domain(): string {
    return this.#get("domain", "");
  }

  set domain(domain: string) {
    if (domain !== this.domain) this.#single.put({ name: "domain", value: domain });
  }

  /** The client that deploys to this tenant, with every Management API scope. */
  get deployer(): { readonly clientId: string; readonly clientSecret: string } {
    return this.#get("deployer", NOBODY);
  }

  set deployer(deployer: { readonly clientId: string; readonly clientSecret: string }) {
    this.#single.put({ name: "deployer", value: deployer });
  }

  get settings(): TenantSettings {
    return this.#get("settings", NO_SETTINGS);
  }

  set settings(settings: TenantSettings) {
    this.#single.put({ name: "settings", value: settings });
  }

  /**
   * A store in memory with the same rows. What either of the two changes later is not seen by the other. The
   * rows are shared until then, so that a fork takes no memory for them.
   */
  fork(): Store {
    const fork = new Store();
    fork.#become(this.snapshot());
    fork.#existed = true;
    return fork;
  }

  /** What is in the store now, to go back to later. */
  snapshot(): StoreSnapshot {
    return { contents: new Map([...this.#named].map(([name, table]) => [name, table.share()])) };
  }

  /**
   * Goes back to what was there when the snapshot was taken, of this store or of another one; the address
   * stays. A store with a file stores that before it returns. Requests under way that have changed something
   * are refused when they come to be stored.
   * @throws {StoreError} when it cannot be stored, and then nothing is different.
   */
  reset(snapshot: StoreSnapshot): void {
    const { domain } = this;
    if (this.#file !== undefined) {
      const wanted = new Store();
      wanted.#become(snapshot);
      try {
        this.#file.replace({ ...wanted.#whole(), domain });
      } catch (error) {
        throw StoreError.takenBack(error);
      }
      this.#transactions.forget(StoreError.takenBack("the tenant was reset meanwhile"));
    }
    this.#become(snapshot);
    this.domain = domain;
  }

  /**
   * Begins the changes of a request: those that are made through the answer, which else is this store, are
   * one transaction until its `commit`. A tenant in memory needs none, because its changes cannot fail.
   */
  begin(): Store {
    return this.#file === undefined ? this : new Store(new Begun(this));
  }

  /** Ends the request where there is nothing to store, and answers whether that is so. */
  endUnchanged(): boolean {
    if (this.#file !== undefined && !this.#transactions.unchanged(this.#transaction)) return false;
    this.#end();
    return true;
  }

  /**
   * Stores a request's changes, and ends it. When it resolves, they survive a kill of the process and, with
   * `flush`, a power cut.
   * @throws {StoreError} when they cannot be stored, and then they are taken back.
   */
  async commit(): Promise<void> {
    const current = this.#transactions.current(this.#transaction);
    this.#end();
    if (!this.#store(current)) return;
    try {
      await this.#file?.flushBeside();
    } catch (error) {
      throw StoreError.notFlushed(error);
    }
  }

  /**
   * Stores, before it returns, what the caller has changed.
   * @throws {StoreError} as `commit` does.
   */
  save(): void {
    if (this.#store(this.#transactions.current(this.#transaction))) this.#file?.flush();
  }

  /** Stores what is left and leaves one whole file behind. */
  close(): void {
    try {
      this.save();
    } finally {
      this.#file?.close(() => this.#whole());
    }
  }

  #end(): void {
    if (this.#transaction !== this.#transactions.outside) this.#transaction.ended = true;
  }

  /** @returns whether anything was written. */
  #store(transaction: Transaction): boolean {
    if (transaction.failure !== undefined) this.#takeBack(transaction, transaction.failure);
    this.#transactions.join(transaction, this.#transactions.outside);
    const { changes } = transaction;
    placeNewRows(changes);
    const record = recordOf(changes, this.#named);
    try {
      if (record !== undefined) this.#file?.append(record, () => this.#whole(changes));
    } catch (error) {
      this.#takeBack(transaction, StoreError.takenBack(error));
    }
    this.#transactions.settle(changes);
    return record !== undefined;
  }

  /** Undoes changes; the other requests that had a part in them are refused when they come to be stored. */
  #takeBack(transaction: Transaction, failure: Error): never {
    const { changes } = transaction;
    takeBack(changes);
    this.#transactions.settle(changes, failure);
    transaction.failure = undefined;
    throw failure;
  }

  #become({ contents }: StoreSnapshot): void {
    for (const [name, table] of this.#named) {
      const content = contents.get(name);
      if (content !== undefined) table.become(content);
    }
  }

  #load(): boolean {
    const contents = this.#file?.read(Object.keys(this.tables));
    if (contents === undefined) return false;
    const { snapshot, records } = contents;
    this.domain = snapshot.domain;
    this.deployer = snapshot.deployer;
    this.settings = snapshot.settings;
    const tables = this.#named;
    for (const [name, rows] of Object.entries(snapshot.tables)) {
      for (const row of rows ?? []) tables.get(name)?.put(row);
    }
    for (const record of records) replay(record, tables);
    if (snapshot.version < STATE_VERSION) this.#forgetAddress();
    return true;
  }

  /** Older formats have the tenant's address in rows. */
  #forgetAddress(): void {
    const address = addressOf(this.domain);
    this.settings = storedSettings(address, this.settings);
    for (const [name, table] of this.#named) {
      for (const row of table.list()) {
        // SAFETY: a table of this name has rows of this kind.
        const stored = storedRow(address, name as TableName, row as Readonly<Record<string, unknown>>);
        if (stored !== row) table.put(stored);
      }
    }
  }

  /** The tenant as it is stored, along with these changes: those of other requests under way are left out. */
  #whole(changes?: Changes): Whole {
    const rows = [...this.#named].map(([name, table]) => {
      return [name, table.listWith(this.#transactions.before(table, changes))] as const;
    });
    const { single = [], ...tables } = Object.fromEntries(rows);
    // SAFETY: these are the rows of the table of single things.
    const values = new Map((single as Single[]).map(({ name, value }) => [name, value]));
    return {
      // SAFETY: the setters put a value of the same type under each name.
      domain: (values.get("domain") ?? "") as string,
      deployer: (values.get("deployer") ?? NOBODY) as Whole["deployer"],
      settings: (values.get("settings") ?? NO_SETTINGS) as TenantSettings,
      tables,
    };
  }

  #get<Value>(name: Single["name"], otherwise: Value): Value {
    const single = this.#single.get(name);
    // SAFETY: the setters put a value of the same type under each name.
    return single === undefined ? otherwise : (single.value as Value);
  }
}

const NOBODY = { clientId: "", clientSecret: "" };
const NO_SETTINGS: TenantSettings = Object.freeze({ flags: Object.freeze({}) });
