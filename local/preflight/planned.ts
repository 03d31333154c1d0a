import * as pulumi from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi";
import type { Change } from "../../stack/preflight/findings.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import type { StackFile } from "./stack-file.ts";

/**
 * Finds what the program is going to register. It runs the program under Pulumi's mocks, which make nothing.
 * @throws {UserError} with the program's errors about the configuration.
 */
export async function plannedChanges(
  program: () => Promise<unknown>,
  file: StackFile,
  stack: string,
): Promise<Omit<Change, "operation">[]> {
  const planned: Omit<Change, "operation">[] = [];
  pulumi.runtime.setAllConfig({ ...file.config }, [...file.secretKeys]);
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        // SAFETY: the inputs of a resource are a property map; the SDK types them `any`.
        planned.push({ type, name, inputs: inputs as Record<string, unknown> });
        return { id: `${name}-id`, state: inputs as Record<string, unknown> };
      },
      call: ({ token }) =>
        Promise.reject(new UserError(`The program calls ${token}, which needs an engine.`)),
    },
    file.project,
    stack,
    false,
  );
  try {
    await program();
  } catch (error) {
    if (RunError.isInstance(error)) throw new UserError(error.message);
    throw error;
  }
  await pulumi.runtime.disconnect(false);
  return planned;
}
