import type { Ids } from "../../../store/ids.ts";
import { ManagementError } from "../../../lib/errors.ts";
import { isObject } from "../../merge.ts";
import type { Options, OptionsRequest } from "./options-request.ts";

const METHODS: Readonly<Record<string, Options>> = {
  password: { enabled: true, api_behavior: "required", signup_behavior: "allow" },
  passkey: { enabled: false },
  email_otp: { enabled: false },
  phone_otp: { enabled: false },
};
const COMPLEXITY: Options = {
  min_length: 15,
  character_types: [],
  character_type_rule: "all",
  identical_characters: "allow",
  sequential_characters: "allow",
  max_length_exceeded: "error",
};

/**
 * Options of an `auth0` (database) connection. A new one gets production's defaults: `passwordPolicy`, and
 * not `password_options`, which the newest tenants have in its place, as tools refuse both beside each other.
 * A PATCH replaces all but what production always answers (recordings TestAccConnectionClients,
 * TestAccConnection and TestAccConnectionOptionsAttrEmailNonUnique).
 */
export function databaseOptions({ tenant, sent, old }: OptionsRequest): Options {
  checkAttributes(sent);
  checkUniqueness(sent, old);
  const fresh = old === undefined;
  return {
    ...(fresh ? { mfa: { active: true, return_enroll_settings: true }, strategy_version: 2 } : {}),
    ...(fresh && sent["password_options"] === undefined ? { passwordPolicy: "good" } : {}),
    brute_force_protection: true,
    passkey_options: {
      challenge_ui: "both",
      progressive_enrollment_enabled: true,
      local_enrollment_enabled: true,
    },
    ...sent,
    authentication_methods: mergeMethods(sent["authentication_methods"]),
    ...completeAttributes(sent["attributes"]),
    ...completePasswordOptions(sent["password_options"]),
    ...sealConfiguration(tenant.ids, sent["configuration"]),
  };
}

function mergeMethods(sent: unknown): Options {
  const methods = isObject(sent) ? sent : {};
  return Object.fromEntries(
    Object.entries({ ...METHODS, ...methods }).map(([name, method]) => {
      const given = methods[name];
      return [name, { ...METHODS[name], ...(isObject(given) ? given : isObject(method) ? method : {}) }];
    }),
  );
}

function completeAttributes(sent: unknown): Options {
  if (!isObject(sent)) return {};
  const email = sent["email"];
  if (!isObject(email)) return { attributes: sent };
  return { attributes: { ...sent, email: { verification_method: "link", unique: true, ...email } } };
}

function completePasswordOptions(sent: unknown): Options {
  if (!isObject(sent)) return {};
  const { complexity, dictionary } = sent;
  return {
    password_options: {
      ...sent,
      complexity: { ...COMPLEXITY, ...(isObject(complexity) ? complexity : {}) },
      ...(isObject(dictionary) ? { dictionary: { custom: [], ...dictionary } } : {}),
    },
  };
}

/**
 * Values for custom scripts are answered sealed, as production does; nothing here runs such scripts, so the
 * values are not kept.
 */
function sealConfiguration(ids: Ids, sent: unknown): Options {
  if (!isObject(sent)) return {};
  const names = Object.keys(sent).filter((name) => sent[name] !== null);
  return {
    configuration: Object.fromEntries(names.map((name) => [name, ids.secret(96)])),
  };
}

/**
 * @throws {ManagementError} 400 `invalid_body`, in the words of the recordings TestAccConnectionOptionsAttr*.
 */
function checkAttributes({ attributes, validation, requires_username }: Options): void {
  if (!isObject(attributes)) return;
  const refuse = (message: string) => new ManagementError(400, message, "invalid_body");
  if (isObject(validation)) throw refuse("Cannot set both options.attributes and options.validation");
  if (requires_username === true) {
    throw refuse("Cannot set both options.attributes and options.requires_username");
  }
  const entries = Object.entries(attributes).filter((entry): entry is [string, Options] =>
    isObject(entry[1]),
  );
  const active = entries.filter(
    ([, { identifier }]) => isObject(identifier) && identifier["active"] === true,
  );
  if (active.length === 0) throw refuse("attributes must contain one active identifier");
  for (const [name, { profile_required, signup }] of entries) {
    if (profile_required === true && isObject(signup) && signup["status"] !== "required") {
      throw refuse(`attribute ${name} must also be required on signup`);
    }
  }
}

/**
 * @throws {ManagementError} 400: addresses that many people share can only be allowed when the connection is
 * made.
 */
function checkUniqueness(sent: Options, old: Options | undefined): void {
  if (old === undefined || !sharesAddresses(sent) || sharesAddresses(old)) return;
  throw new ManagementError(400, "cannot add non-unique email attribute", "invalid_body");
}

function sharesAddresses({ attributes }: Options): boolean {
  const email = isObject(attributes) ? attributes["email"] : undefined;
  return isObject(email) && email["unique"] === false;
}
