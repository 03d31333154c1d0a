import * as pulumi from "@pulumi/pulumi";

/** One thing that is wrong with the configuration, and the command that corrects it. */
interface ConfigError {
  readonly key: string;
  readonly problem: string;
  readonly mend: string;
}

/**
 * Collects everything that is wrong with the configuration, so that a person gets all errors at once and not
 * one per run.
 */
export class ConfigErrors {
  readonly #errors: ConfigError[] = [];

  /**
   * @param key The key with its path, such as `applications[0].name`; a key of another namespace keeps it
   * (`auth0:domain`).
   * @param problem A phrase that names the value and what is wrong with it.
   * @param mend The command to type. It must work as it is, and never let more people or groups through.
   */
  add(key: string, problem: string, mend: string): void {
    const known = this.#errors.some((error) => error.key === key && error.problem === problem);
    if (!known) this.#errors.push({ key, problem, mend });
  }

  /**
   * Ends the program if anything was wrong.
   *
   * @throws pulumi.RunError, which the engine prints without a stack trace: each error with its key and the
   * command that corrects it.
   */
  throwIfAny(): void {
    const count = this.#errors.length;
    if (count === 0) return;
    const lines = this.#errors.flatMap(({ key, problem, mend }) => [
      `  ${/^[\w-]+:/.test(key) ? key : `${pulumi.getProject()}:${key}`} ${problem}`,
      `    ${mend}`,
    ]);
    const heading = count === 1 ? "one error" : `${count} errors`;
    throw new pulumi.RunError([`The stack's configuration has ${heading}:`, ...lines].join("\n"));
  }
}

/** A value as it is shown in an error: JSON, cut at 80 characters. */
export function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
