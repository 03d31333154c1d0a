import type { ConnectionEntity } from "../../store/entities.ts";
import { ManagementError } from "../../lib/errors.ts";
import { isObject } from "../merge.ts";

type Options = Readonly<Record<string, unknown>>;

const CLASSES: Readonly<Record<string, RegExp>> = {
  lowercase: /[a-z]/,
  uppercase: /[A-Z]/,
  number: /[0-9]/,
  special: /[^a-zA-Z0-9]/,
};

/**
 * Shortest length and how many kinds of characters, by policy (docs
 * authenticate/database-connections/password-strength).
 */
const POLICIES: Readonly<Record<string, { length: number; kinds: number }>> = {
  none: { length: 1, kinds: 0 },
  low: { length: 6, kinds: 0 },
  fair: { length: 8, kinds: 3 },
  good: { length: 8, kinds: 3 },
  excellent: { length: 10, kinds: 3 },
};

/**
 * @throws {ManagementError} 400 when the password is weaker than the connection asks for, in the older or the
 * newer form of its options.
 */
export function checkPassword({ options }: ConnectionEntity, password: string): void {
  const { passwordPolicy, password_options } = options;
  const complexity = isObject(password_options) ? password_options["complexity"] : undefined;
  const strong =
    passwordPolicy === undefined && isObject(complexity)
      ? fitsComplexity(complexity, password)
      : fitsPolicy(options, password);
  if (!strong) throw new ManagementError(400, "PasswordStrengthError: Password is too weak", "invalid_body");
}

function fitsPolicy({ passwordPolicy, password_complexity_options }: Options, password: string): boolean {
  const name = typeof passwordPolicy === "string" ? passwordPolicy : "none";
  const { length, kinds } = POLICIES[name] ?? { length: 1, kinds: 0 };
  const own = isObject(password_complexity_options) ? password_complexity_options["min_length"] : undefined;
  const repeated = name === "excellent" && /(.)\1\1/.test(password);
  return (
    password.length >= (typeof own === "number" ? own : length) &&
    kindsOf(password).length >= kinds &&
    !repeated
  );
}

function fitsComplexity(complexity: Options, password: string): boolean {
  const { min_length, character_types, character_type_rule, identical_characters } = complexity;
  const kinds = kindsOf(password);
  const wanted = Array.isArray(character_types) ? character_types.map(String) : [];
  const missing = wanted.filter((kind) => !kinds.includes(kind)).length;
  return (
    password.length >= (typeof min_length === "number" ? min_length : 1) &&
    missing <= (character_type_rule === "three_of_four" ? 1 : 0) &&
    !(identical_characters === "block" && /(.)\1\1/.test(password))
  );
}

function kindsOf(password: string): string[] {
  return Object.keys(CLASSES).filter((kind) => CLASSES[kind]?.test(password));
}
