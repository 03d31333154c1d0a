import type { LogEntity } from "../store/entities.ts";
import { shownRow } from "../store/own-address.ts";
import { parseLucene } from "./lucene.ts";
import { found } from "./not-found.ts";
import { ok, operation } from "./operation.ts";
import type { Operation } from "./operation.ts";
import { listAnswer, pageQuery } from "./paging.ts";
import { fieldsQuery, project } from "./projection.ts";
import { integer } from "./json-schema.ts";

/** The fields in which a term without a field is looked for. */
const DEFAULT_FIELDS = [
  "type",
  "description",
  "user_name",
  "user_id",
  "client_name",
  "client_id",
  "connection",
];

const list = operation({
  id: "logs.list",
  method: "GET",
  path: "/logs",
  scopes: ["read:logs", "read:logs_users"],
  query: { ...pageQuery, ...fieldsQuery, take: integer(1, 100) },
  handle: ({ query, tenant }) => {
    const rows = tenant.store.tables.logs.list();
    const shown = (row: LogEntity) => shownRow(tenant, "logs", row);
    const { from, take, sort, q } = query;
    const cut = (row: LogEntity) => project(shown(row), query, ["log_id"]);
    if (from !== undefined) {
      // By checkpoint the log is read forward, from the event after the one named.
      const index = rows.findIndex((row) => row.log_id === from);
      return ok(rows.slice(index + 1, index + 1 + Number(take ?? 50)).map(cut));
    }
    const test = q === undefined || q === "" ? undefined : parseLucene(q, DEFAULT_FIELDS);
    const matching = test === undefined ? rows : rows.filter((row) => test(shown(row)));
    const ordered = sort === "date:1" ? matching : [...matching].reverse();
    return ok(listAnswer("logs", ordered, query, cut));
  },
});

const get = operation({
  id: "logs.get",
  method: "GET",
  path: "/logs/:id",
  scopes: ["read:logs", "read:logs_users"],
  handle: ({ params, tenant }) => {
    const row = tenant.store.tables.logs.get(params["id"] ?? "");
    return ok(shownRow(tenant, "logs", found(row, "The log event does not exist", "inexistent_log")));
  },
});

export const logOperations: readonly Operation[] = [list, get];
