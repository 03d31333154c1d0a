/**
 * How a field can demand less than it did, for the list of loosened rules: `fewer`: a list of what is
 * demanded, which has less in it; `narrower`: a list of whom or what the rule is about, where none means all;
 * `more`: a list of exceptions; `higher`: a number; `set`: a flag; `other`: anything but the same; `nothing`:
 * it demands nothing.
 */
export type Loosening = "fewer" | "narrower" | "more" | "higher" | "set" | "other" | "nothing";

/** One field of a rule, from which the reader and the schema for editors are made. */
export interface Field {
  readonly type: "names" | "text" | "number" | "flag";
  /** In a sentence, as editors show it. */
  readonly describes: string;
  readonly loosens: Loosening;
  readonly required?: true;
}

/** One kind of rule. */
export interface Kind {
  readonly describes: string;
  readonly fields: Readonly<Record<string, Field>>;
  /** Exactly one of these has to be there. */
  readonly oneOf?: readonly string[];
  /** Each of these fields goes with the other one, and neither is there without it. */
  readonly together?: readonly (readonly [string, string])[];
}

const names = (loosens: Loosening, describes: string) => ({ type: "names", describes, loosens }) as const;
const number = (describes: string) => ({ type: "number", describes, loosens: "higher" }) as const;

const COMMON = {
  name: {
    type: "text",
    describes: "What the rule is called in reports, such as the number of a requirement.",
    loosens: "nothing",
  },
  in: names("narrower", "Applications by name; all of them unless given."),
  mayBeEmpty: {
    type: "flag",
    describes: "Whether the rule may be about nobody, and name what does not exist.",
    loosens: "set",
  },
} as const;

const DIRECTORIES = names(
  "narrower",
  "People of these directories alone, by their domains; of all unless given.",
);
const DEPARTMENTS = names("narrower", "People of these departments alone; of all unless given.");
const SOME = {
  directories: DIRECTORIES,
  departments: DEPARTMENTS,
  exceptPeople: names("more", "Emails of people whom the rule is not about."),
  exceptWhoever: names("more", "Directory groups whose members the rule is not about."),
} as const;

/** Every kind of rule and its fields. */
export const KINDS = {
  keep: {
    describes: "Whoever has a group in the directory has a group in the token.",
    fields: {
      whoever: { ...names("fewer", "Directory groups, each of which is enough."), required: true },
      has: { ...names("fewer", "Groups in the token, all of them."), required: true },
      ...SOME,
      ...COMMON,
    },
  },
  never: {
    describes: "Nobody of these people has such a group in the token, or signs in at all.",
    fields: {
      groups: names("fewer", "Patterns of groups in the token, as groupPolicy.include has them."),
      signIn: {
        type: "flag",
        describes: "true instead of groups: they must not even sign in.",
        loosens: "other",
      },
      people: names("narrower", "Emails of the people that the rule is about; everybody unless given."),
      whoever: names("narrower", "Members of these directory groups alone; everybody unless given."),
      ...SOME,
      ...COMMON,
    },
    oneOf: ["groups", "signIn"],
  },
  always: {
    describes: "These people sign in, whatever changes: break-glass accounts, and those who run the company.",
    fields: {
      people: { ...names("fewer", "Emails."), required: true },
      has: names("fewer", "Groups in their token, all of them."),
      ...COMMON,
    },
  },
  atMost: {
    describes: "A number that must not be passed.",
    fields: {
      tokenBytes: number("Bytes of the ID token or of the access token, whichever is longer."),
      profileBytes: number("Bytes of the profile as JSON."),
      groups: number("Groups in one person's token."),
      people: number("People of one application who have the group."),
      group: {
        type: "text",
        describes: "Pattern of the group that people counts.",
        loosens: "other",
      },
      ...SOME,
      ...COMMON,
    },
    oneOf: ["tokenBytes", "profileBytes", "groups", "people"],
    together: [["people", "group"]],
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof KINDS;
export const KIND_NAMES = Object.keys(KINDS) as KindName[];

/** The kind as the table has it, whichever it is. */
export function kindOf(name: KindName): Kind {
  return KINDS[name];
}

interface Types {
  readonly names: readonly string[];
  readonly text: string;
  readonly number: number;
  readonly flag: boolean;
}
type Fields<Name extends KindName> = (typeof KINDS)[Name]["fields"];
type TypeOf<One> = One extends { readonly type: infer Type extends keyof Types } ? Types[Type] : never;

/** What a rule of a kind says, lists always as lists. */
export type Said<Name extends KindName> = {
  readonly [Key in keyof Fields<Name>]?: TypeOf<Fields<Name>[Key]>;
};

interface RuleOf<Name extends KindName> {
  readonly kind: Name;
  /** Kind and place in its list, such as `never[0]`. */
  readonly rule: string;
  /** In the file, from 1. */
  readonly line: number;
  readonly says: Said<Name>;
}

/** One rule of a file. */
export type AccessRule = { [Name in KindName]: RuleOf<Name> }[KindName];

/** A file that was read. */
export interface AccessFile {
  /** What it is called in reports. */
  readonly file: string;
  /** In the order of the file. */
  readonly rules: readonly AccessRule[];
}
