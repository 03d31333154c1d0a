import { createTls } from "../../../packages/local-tenant/src/lib/tls.ts";
import type { Bench } from "../parts/part.ts";
import { CHECKOUT } from "../../support/sample.ts";
import { ours } from "./ours.ts";
import { installPeers, peers } from "./peers.ts";
import type { Subject } from "./subject.ts";

/** Our own tenant, kept with every change on the disk itself before it is answered. */
export function flushedTenant({ folder }: Bench): Subject {
  return ours(folder, CHECKOUT, "ours").flushed;
}

/**
 * All servers that are measured beside each other: the peers, where they can be installed; the tenant of
 * another checkout, where one is named; and ours, in memory and in a folder.
 */
export async function subjectsOf({ folder, beside, alone, say }: Bench): Promise<Subject[]> {
  const missing = alone ? "" : await installPeers();
  if (missing) {
    say(`Without oidc-provider and simulacrum, which npm could not install: ${missing.split("\n").at(-1)}`);
  }
  const others = beside === undefined ? undefined : ours(folder, beside, "beside");
  const own = ours(folder, CHECKOUT, "ours");
  return [
    ...(missing === undefined ? peers(folder, await createTls()) : []),
    ...(others === undefined ? [] : [others.memory, others.kept]),
    own.memory,
    own.kept,
  ];
}
