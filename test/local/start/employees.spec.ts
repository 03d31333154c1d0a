import assert from "node:assert/strict";
import { chooseEmployee, employeesDocument, employeesText } from "../../../local/start/employees.ts";
import type { Directory } from "../../../packages/local-tenant/src/index.ts";

const PEOPLE = [
  ["Ada Lindqvist", "ada.lindqvist@acme.example", "Engineering", 2],
  ["Nadja Adams", "nadja.adams@acme.example", "Engineering", 0],
  ["Rosa García", "r.garcia@acme.example", "Sales", 1],
  ["Ingrid Sørensen", "ingrid.s@acme.example", "Sales", 1],
  ["Łukasz Groß", "lukasz@acme.example", "Sales", 1],
  ["Jo Smith", "jo.smith@acme.example", "Legal", 1],
  ["Jo Smith", "jo.smith2@acme.example", "Legal", 1],
] as const;

const directory: Directory = {
  company: "Acme",
  domain: "acme.example",
  defaultEmployee: "r.garcia@acme.example",
  employees: PEOPLE.map(([name, email, department, groups]) => ({
    id: email,
    email,
    name,
    givenName: name.split(" ")[0] ?? "",
    familyName: name.split(" ")[1] ?? "",
    department,
    jobTitle: "Engineer",
    groups: Array.from({ length: groups }, (_, index) => `Group ${index}`),
  })),
  groups: [],
};

function chosen(word?: string): string {
  return chooseEmployee(directory, word).email;
}

function refusal(word: string): string {
  try {
    chooseEmployee(directory, word);
  } catch (error) {
    assert.ok(error instanceof Error);
    assert.equal(error.message.split("\n").length, 1);
    return error.message;
  }
  throw new Error(`${word} was somebody.`);
}

describe("who is meant by --employee", () => {
  it("is the directory's own choice where nobody is named", () => {
    assert.equal(chosen(), "r.garcia@acme.example");
  });

  for (const [word, email] of [
    ["ADA.Lindqvist@acme.example", "ada.lindqvist@acme.example"],
    ["Rosa García", "r.garcia@acme.example"],
    ["rosa garcia", "r.garcia@acme.example"],
    ["García, Rosa", "r.garcia@acme.example"],
    ["sorensen", "ingrid.s@acme.example"],
    ["lukasz gross", "lukasz@acme.example"],
    ["linq", undefined],
    ["dqvi", "ada.lindqvist@acme.example"],
    ["ada", "ada.lindqvist@acme.example"],
    ["na ad", "nadja.adams@acme.example"],
    ["jo.smith2", "jo.smith2@acme.example"],
    ["jo.smith@acme.example", "jo.smith@acme.example"],
  ] as const) {
    it(`is ${email ?? "nobody"} for "${word}"`, () => {
      if (email === undefined) assert.match(refusal(word), /has no employee/);
      else assert.equal(chosen(word), email);
    });
  }

  it("may be somebody of another company's directory beside the first", () => {
    const [ada, nadja] = directory.employees;
    assert.ok(ada !== undefined && nadja !== undefined);
    const partner = { company: "Partner", domain: "partner.example", employees: [nadja], groups: [] };
    const both = { ...directory, employees: [ada], directories: [partner] };
    assert.equal(chooseEmployee(both, "nadja"), nadja);
    assert.match(employeesText(both), /^Partner: 1 employee\n\nEngineering \(1\)\n {2}Nadja Adams /m);
    assert.deepEqual(
      (employeesDocument(both) as { directories: { company: string }[] }).directories.map(
        ({ company }) => company,
      ),
      ["Partner"],
    );
  });

  it("is asked back where several may be meant, with name and e-mail of each", () => {
    assert.equal(
      refusal("jo smith"),
      '"jo smith" may be Jo Smith (jo.smith@acme.example) or Jo Smith (jo.smith2@acme.example). ' +
        "Give more of the name, or the e-mail.",
    );
    assert.match(refusal("s"), /or \d+ more\. /);
    assert.equal(refusal("acme").includes("may be"), false, "the company's domain is part of every e-mail");
  });

  it("is guessed where it was nearly right, and the list is named", () => {
    assert.match(
      refusal("ada.lindqist@acme.example"),
      /Did you mean Ada Lindqvist \(ada\.lindqvist@acme\.example\)\?/,
    );
    assert.match(
      refusal("lindkvist"),
      /Did you mean Ada Lindqvist .* npm start -- --employee lists all of them\.$/,
    );
  });
});

describe("the list of employees", () => {
  it("has each department with its people and the count of their groups", () => {
    const text = employeesText(directory);
    assert.match(text, /^Engineering \(2\)\n {2}Ada Lindqvist +ada\.lindqvist@acme\.example, 2 groups$/m);
    assert.match(text, /^Legal \(2\)$/m);
    assert.match(text, /Rosa García +r\.garcia@acme\.example, 1 group$/m);
  });

  it("cuts a large department, and counts the rest", () => {
    const [person] = directory.employees;
    assert.ok(person !== undefined);
    const text = employeesText({ ...directory, employees: Array.from({ length: 300 }, () => person) });
    assert.match(text, /^Engineering \(300\)$/m);
    assert.match(text, /^ {2}… and 275 more$/m);
  });

  it("is whole for a program", () => {
    const { departments } = employeesDocument(directory) as {
      departments: { department: string; employees: unknown[] }[];
    };
    assert.deepEqual(
      departments.map(({ department, employees }) => [department, employees.length]),
      [
        ["Engineering", 2],
        ["Legal", 2],
        ["Sales", 3],
      ],
    );
  });
});
