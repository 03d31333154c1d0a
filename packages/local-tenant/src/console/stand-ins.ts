import type { FastifyInstance, FastifyRequest } from "fastify";
import type { TenantContext } from "../context.ts";
import type { ActionEntity } from "../store/entities.ts";
import { refuseStrangers } from "../faults.ts";
import { deployAction } from "../management/actions/versions.ts";
import { arrayOf, object, string } from "../management/json-schema.ts";
import { checkBody } from "../management/validate.ts";

/** An Action of another tenant, as a list of bindings names it. */
export interface NamedAction {
  readonly actionId: string;
  readonly displayName: string;
}

const CODE =
  "// A stand-in for an Action of the real tenant: it does nothing.\nexports.onExecutePostLogin = async () => {};\n";

/**
 * Makes a deployed Action that does nothing for each Action that this tenant does not have, under that very
 * id: a list of bindings that was written for the real tenant can then be deployed here. An Action that is
 * there already stays as it is, but a stand-in takes a new name.
 */
export function ensureStandIns(context: TenantContext, named: readonly NamedAction[]): void {
  const { actions } = context.store.tables;
  for (const { actionId, displayName } of named) {
    const existing = actions.get(actionId);
    if (existing === undefined) deployAction(context, actions.put(standIn(context, actionId, displayName)));
    else if (existing.code === CODE && existing.name !== displayName)
      actions.put({ ...existing, name: displayName });
  }
  context.store.save();
}

function standIn({ now }: TenantContext, id: string, name: string): ActionEntity {
  const date = new Date(now()).toISOString();
  return {
    id,
    name,
    supported_triggers: [{ id: "post-login", version: "v3" }],
    code: CODE,
    dependencies: [],
    runtime: "node22",
    secrets: [],
    status: "built",
    created_at: date,
    updated_at: date,
    all_changes_deployed: false,
  };
}

const name = string({ minLength: 1, maxLength: 255 });
const NAMED_ACTIONS = arrayOf(object({ "actionId!": name, "displayName!": name }), { maxItems: 100 });

/**
 * `PUT /_local/stand-ins`: {@link ensureStandIns} for a command in another process than the tenant's. Only
 * the deployer may call it.
 */
export function standInRoutes(app: FastifyInstance): void {
  const options = {
    onRequest: async (request: FastifyRequest) => refuseStrangers(request),
  };
  app.put<{ Body: NamedAction[] }>("/_local/stand-ins", options, async (request, reply) => {
    checkBody(NAMED_ACTIONS, request.body);
    ensureStandIns(request.tenant, request.body);
    return reply.code(204).send();
  });
}
