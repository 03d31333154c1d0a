import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { operations } from "../../src/management/operations.ts";
import { managementScopes } from "../../src/management/management-scopes.ts";
import { SUPPORT_MARKS, supportTable } from "../../src/management/support-table.ts";

const README = new URL("../../README.md", import.meta.url);

describe("The table of supported operations", () => {
  it("is in local/README.md as the code has it (UPDATE_README=1 writes it)", () => {
    const text = readFileSync(README, "utf8");
    const { begin, end } = SUPPORT_MARKS;
    const [head, rest = ""] = text.split(`${begin}\n`);
    const [, tail] = rest.split(end);
    assert.ok(head !== undefined && tail !== undefined, `local/README.md has the marks ${begin} and ${end}`);
    const wanted = `${head}${begin}\n\n${supportTable()}\n\n${end}${tail}`;
    if (process.env["UPDATE_README"] === "1") writeFileSync(README, wanted);
    else assert.equal(squeeze(text), squeeze(wanted));
  });

  it("names each operation once", () => {
    const routes = operations.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ":")}`);
    assert.deepEqual(
      routes.filter((route, index) => routes.indexOf(route) !== index),
      [],
    );
    const ids = operations.map(({ id }) => id);
    assert.deepEqual(
      ids.filter((id, index) => ids.indexOf(id) !== index),
      [],
    );
  });

  it("asks for scopes that the deployer has", () => {
    for (const { id, scopes, fieldScopes = [] } of operations) {
      assert.ok(scopes.length > 0, id);
      for (const scope of [...scopes, ...fieldScopes])
        assert.ok(managementScopes.includes(scope), `${id}: ${scope}`);
    }
  });
});

/** The formatter aligns the table's columns; that is no difference. */
function squeeze(text: string): string {
  return text.replace(/ +/g, " ").replace(/-{3,}/g, "---");
}
