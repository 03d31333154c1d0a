import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { RunError } from "@pulumi/pulumi";
import { errorText } from "../../packages/local-tenant/src/lib/error-text.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { openSide } from "./side.ts";
import type { SideOptions } from "./side.ts";
import type { SideMessage } from "./side-process.ts";

/*
 * One program's claims in a process of its own: Pulumi's mocks belong to a whole process, and the program of another ref has modules of
 * its own. The answer is one JSON document a line on the fourth descriptor, where neither the program nor a library writes.
 */
const output = createWriteStream("", { fd: 3 });
// Who asked has gone.
output.on("error", () => process.exit(1));
// The default would end the process without the "exit" that removes its files.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(1));

async function say(message: SideMessage): Promise<void> {
  if (!output.write(`${JSON.stringify(message)}\n`)) await once(output, "drain");
}

try {
  // SAFETY: the other side has written it, of this very type.
  const side = await openSide(JSON.parse(process.argv[2] ?? "") as SideOptions);
  await say({ type: "head", head: side.head });
  for await (const row of side.rows) await say({ type: "row", row });
  await say({ type: "end" });
  await side.close();
} catch (error) {
  const mistake = error instanceof UserError || RunError.isInstance(error);
  const message = RunError.isInstance(error) ? error.message : errorText(error);
  await say({ type: "error", message, mistake });
}
await new Promise((resolve) => output.end(resolve));
process.exit(0);
