import assert from "node:assert/strict";
import { type Change, findingsOf, TYPES } from "../../../stack/preflight/findings.ts";
import type { TenantLook } from "../../../stack/preflight/look.ts";

const OURS = "Ours";
const EXCLUSIVE = { action: OURS, mode: "exclusive" } as const;
const SHARED = { action: OURS, mode: "shared" } as const;

const look: TenantLook = {
  errors: [],
  actions: [{ id: "act_1", name: "Taken" }],
  connections: [{ id: "con_1", name: "Taken" }],
  clients: [
    { id: "client_1", name: "Taken" },
    { id: "client_2", name: "Other" },
    { id: "client_3", name: "Taken" },
  ],
  bindings: [{ actionId: "act_9", name: OURS, displayName: "Ours, as others call it" }],
};
const change = (
  type: string,
  name: string,
  inputs: Record<string, unknown>,
  operation: Change["operation"] = "create",
): Change => ({ type, name, inputs, operation });

describe("findingsOf", () => {
  for (const [type, name, inputs, id, text, parent] of [
    [
      TYPES.action,
      "login-flow-action",
      {},
      "act_1",
      'login-flow-action would be made, but the tenant already has an Action of the name "Taken": act_1. ' +
        "Import it, or rename or delete that one, if it is not this stack's.",
      { type: "workforce-sso:index:LoginFlow", name: "login-flow" },
    ],
    [
      TYPES.connection,
      "azure-ad-connection",
      {},
      "con_1",
      'azure-ad-connection would be made, but the tenant already has a connection of the name "Taken": con_1. ' +
        "Import it, or choose another connectionName.",
      { type: "workforce-sso:index:EnterpriseConnection", name: "azure-ad" },
    ],
    [
      TYPES.client,
      "admin-portal-client",
      { appType: "regular_web" },
      "client_1",
      'admin-portal-client would be made, but the tenant already has a client of the name "Taken": client_1. ' +
        "Import it, or choose another displayName.",
      { type: "workforce-sso:index:Application", name: "admin-portal" },
    ],
    [
      TYPES.client,
      "groups-reader-client",
      { appType: "non_interactive" },
      "client_1",
      'groups-reader-client would be made, but the tenant already has a client of the name "Taken": client_1. ' +
        "Import it, or increase machineClientGeneration by one.",
      { type: "workforce-sso:index:MachineClient", name: "groups-reader" },
    ],
  ] as const) {
    it(`tells of ${name} what has its name, and how to take it over`, () => {
      const [finding, ...more] = findingsOf(
        change(type, name, { ...inputs, name: "Taken" }),
        look,
        EXCLUSIVE,
      );
      assert.deepEqual(finding, { text, imported: { type, name, id, parent } });
      assert.equal(more.length, type === TYPES.client ? 1 : 0, "Auth0 lets clients share a name");
    });

    it(`tells nothing of ${name} where it is the stack's already, its name is free, or the list was not shown`, () => {
      assert.deepEqual(
        findingsOf(change(type, name, { ...inputs, name: "Taken" }, "update"), look, EXCLUSIVE),
        [],
      );
      assert.deepEqual(findingsOf(change(type, name, { ...inputs, name: "Free" }), look, EXCLUSIVE), []);
      assert.deepEqual(
        findingsOf(change(type, name, { ...inputs, name: "Taken" }), { errors: [] }, EXCLUSIVE),
        [],
      );
    });
  }

  it("asks for one up of the exclusive mode where our Action is bound already and the mode is shared", () => {
    const entry = change(TYPES.binding, "login-flow-binding", { actionId: "act_9" });
    assert.deepEqual(findingsOf(entry, look, SHARED), [
      {
        text:
          'login-flow-binding would be made, but "Ours" (act_9) is bound already. If version 0.1.0 of this stack bound it, the same ' +
          "update would delete its list of Actions and unbind everybody: run one up with postLoginBinding: exclusive first. If it was " +
          "bound by hand, import it.",
        imported: {
          type: TYPES.binding,
          name: "login-flow-binding",
          id: "post-login::act_9",
          parent: { type: "workforce-sso:index:LoginFlow", name: "login-flow" },
        },
      },
    ]);
  });

  it("lets our entry be made where it is not bound, is the stack's already, or the stack owns the whole list", () => {
    const entry = change(TYPES.binding, "login-flow-binding", {});
    const stranger = [{ actionId: "act_8", name: "Stranger", displayName: OURS }];
    assert.deepEqual(findingsOf(entry, { ...look, bindings: stranger }, SHARED), []);
    assert.deepEqual(findingsOf(entry, { errors: [] }, SHARED), []);
    assert.deepEqual(findingsOf({ ...entry, operation: "update" }, look, SHARED), []);
    assert.deepEqual(findingsOf(entry, look, EXCLUSIVE), []);
  });

  it("knows ours in the list by its name, and others by their ids", () => {
    const bindings = [
      { actionId: "act_1", name: "Risk", displayName: "Risk" },
      { actionId: "act_9", name: OURS, displayName: OURS },
      { actionId: "act_2", name: "Audit", displayName: "Audit" },
    ];
    const list = (...actions: unknown[]) =>
      findingsOf(
        change(TYPES.bindings, "login-flow-bindings", { actions }),
        { ...look, bindings },
        EXCLUSIVE,
      ).map(({ text }) => text);
    const risk = { id: "act_1", displayName: "Risk" };
    const audit = { id: "act_2", displayName: "Audit" };
    // Ours has no id before it is made.
    assert.deepEqual(list(risk, { id: undefined, displayName: OURS }, audit), []);
    assert.deepEqual(list(risk, { id: "act_9", displayName: OURS }), [
      'login-flow-bindings would unbind "Audit" (act_2), which runs at sign-in today',
    ]);
    assert.deepEqual(list(risk, audit, { id: "act_9", displayName: OURS }), [
      'login-flow-bindings would run "Audit" (act_2) before ours, but today it runs after ours',
    ]);
    assert.equal(list().length, 2);
  });

  it("takes a list that is not known yet for an empty one, and tells nothing of a flow that was not shown", () => {
    const unknown = change(TYPES.bindings, "login-flow-bindings", { actions: "not known yet" });
    const bindings = [{ actionId: "act_1", name: "Risk", displayName: "Risk" }];
    assert.equal(findingsOf(unknown, { errors: [], bindings }, EXCLUSIVE).length, 1);
    assert.deepEqual(findingsOf(unknown, { errors: [] }, EXCLUSIVE), []);
  });

  it("tells nothing of any other type", () => {
    const grant = change("auth0:index/clientGrant:ClientGrant", "grant", { name: "Taken" });
    assert.deepEqual(findingsOf(grant, look, EXCLUSIVE), []);
  });

  it("calls a component as the resource is called without its role at the end", () => {
    const odd = change(TYPES.client, "my-client-portal-client", { name: "Taken" });
    assert.equal(findingsOf(odd, look, EXCLUSIVE)[0]?.imported?.parent.name, "my-client-portal");
  });
});
