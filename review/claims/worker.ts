import { once } from "node:events";
import { Socket } from "node:net";
import { register } from "tsx/esm/api";
import { errorText } from "../../packages/local-tenant/src/lib/error-text.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { openSide } from "./side.ts";
import type { SideOptions } from "./side.ts";
import type { SideMessage } from "./side-process.ts";

/*
 * One program's claims in a process of its own: Pulumi's mocks belong to a whole process, and the program of
 * another ref has modules of its own. The answer is one JSON document a line on the fourth descriptor, where
 * neither the program nor a library writes.
 */
const output = new Socket({ fd: 3, readable: true, writable: true });
// Who asked has gone. The default of a signal would end the process without the "exit" that removes its
// files.
for (const event of ["end", "error"] as const) output.on(event, () => process.exit(1));
process.on("SIGTERM", () => process.exit(1));
// Ctrl-C reaches every process of a terminal; who asked decides.
for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => undefined);
output.resume();

// The program is TypeScript, which this process does not read where it runs from a bundle.
register();

const MENDABLE = new Set(["Error", "RunError"]);

async function say(message: SideMessage): Promise<void> {
  if (!output.write(`${JSON.stringify(message)}\n`)) await once(output, "drain");
}

try {
  // SAFETY: the other side has written it, of this very type.
  const side = await openSide(JSON.parse(process.argv[2] ?? "") as SideOptions);
  const { head, model } = side;
  await say({ type: "head", head, ...(model !== undefined && { model }) });
  for await (const row of side.rows) await say({ type: "row", row });
  await say({ type: "end" });
  await side.close();
} catch (error) {
  // Pulumi's RunError, the tenant's refusals and what the program throws itself are for the person to mend;
  // the rest is a fault of code.
  const mistake = error instanceof UserError || (error instanceof Error && MENDABLE.has(error.name));
  const { message } = error instanceof Error ? error : new Error(String(error));
  await say({ type: "error", mistake, message, text: mistake ? message : errorText(error) });
}
await new Promise<void>((resolve) => output.end(resolve));
process.exit(0);
