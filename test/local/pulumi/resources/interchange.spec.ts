import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { checkInputs } from "../../../../local/pulumi/resources/check.ts";
import { diffResource } from "../../../../local/pulumi/resources/diff.ts";
import { createResource, readResource } from "../../../../local/pulumi/resources/lifecycle.ts";
import { resourceType } from "../../../../local/pulumi/resources/registry.ts";
import type { Props } from "../../../../local/pulumi/resources/values.ts";
import { revealProps } from "../../../../local/pulumi/resources/values.ts";
import { useBench } from "./support.ts";
import type { Bench } from "./support.ts";

interface Stored {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: Props;
  readonly outputs: Props;
}

interface Objects {
  readonly clients: [string, Props][];
  readonly actions: [string, Props][];
  readonly grants: [string, Props][];
  readonly connections: [string, Props][];
  readonly enabled: [string, string[]][];
  readonly bindings: [string, { action: string; display: string }[]][];
}

/**
 * What the auth0 plugin 3.49.0 has put into Pulumi's state for one resource of each type, after an up and
 * after the refresh that followed, with the objects of the (fake) tenant that it had then.
 */
// SAFETY: a file of this folder, of which this test is the only reader.
const recorded = JSON.parse(readFileSync(new URL("./plugin-states.json", import.meta.url), "utf8")) as {
  domain: string;
  objects: Objects;
  created: Stored[];
  refreshed: Stored[];
};

describe("resources: the plugin's states and ours", () => {
  const bench = useBench();

  const byDependency = ["Client", "ClientGrant", "ClientCredentials", "Connection", "Action"];
  const rank = ({ type }: Stored): number => {
    const found = byDependency.indexOf(type.split(":").at(-1) ?? "");
    return found < 0 ? byDependency.length : found;
  };

  it("cover all nine types", () => {
    assert.equal(new Set(recorded.created.map(({ type }) => type)).size, 9);
  });

  it("have the same inputs and outputs, key by key, after a create", async () => {
    let text = JSON.stringify([...recorded.created].sort((a, b) => rank(a) - rank(b)));
    for (let index = 0; index < recorded.created.length; index += 1) {
      const stored = (JSON.parse(text) as Stored[])[index];
      assert.ok(stored);
      const type = resourceType(stored.type);
      const checked = checkInputs(type, givenOf(stored.inputs), stored.inputs, stored.name);
      assert.deepEqual(checked, { inputs: stored.inputs, failures: [] }, stored.name);
      const { id, state } = await createResource(type, bench.api, checked.inputs);
      text = text.replaceAll(stored.id, id).replaceAll(recorded.domain, bench.tenant.domain);
      const expected = (JSON.parse(text) as Stored[])[index];
      assert.deepEqual(withoutChosen(state), withoutChosen(expected?.outputs ?? {}), stored.name);
    }
  });

  it("have the same inputs and outputs, key by key, after a refresh", async () => {
    load(bench, recorded.objects);
    for (const stored of recorded.created) {
      const after = recorded.refreshed.find(({ name }) => name === stored.name);
      const type = resourceType(stored.type);
      const read = await readResource(type, bench.api, stored.id, stored.outputs, stored.inputs);
      assert.deepEqual(read, { state: after?.outputs, inputs: after?.inputs }, stored.name);
    }
  });

  it("differ in nothing from the inputs that made them", () => {
    for (const { type, name, inputs, outputs } of [...recorded.created, ...recorded.refreshed]) {
      assert.deepEqual([...diffResource(resourceType(type), outputs, inputs).keys()], [], name);
    }
  });
});

/** A program's inputs: without the plugin's marks, and without a name that the plugin has chosen. */
function givenOf(inputs: Props): Props {
  const given = revealProps(inputs);
  const defaults = inputs["__defaults"];
  if (Array.isArray(defaults)) for (const name of defaults) delete given[String(name)];
  return given;
}

/** Secrets and version ids are the tenant's choice. */
function withoutChosen(state: Props): unknown {
  const text = JSON.stringify(state).replace(/"[A-Za-z0-9]{64}"/g, '"SECRET"');
  return JSON.parse(text.replace(/"versionId":"[0-9a-f-]{36}"/, '"versionId":"VERSION"'));
}

function load({ tenant }: Bench, objects: Objects): void {
  for (const [id, value] of objects.clients) tenant.clients.set(id, value);
  for (const [id, value] of objects.actions) tenant.actions.set(id, value);
  for (const [id, value] of objects.grants) tenant.grants.set(id, value);
  for (const [id, value] of objects.connections) tenant.connections.set(id, value);
  for (const [id, value] of objects.enabled) tenant.enabled.set(id, value);
  for (const [id, value] of objects.bindings) tenant.bindings.set(id, value);
}
