import type { ConnectionEntity } from "../store/entities.ts";
import type { EntraTenant, Employee } from "../directory/directory.ts";
import { findEmployee, remembered } from "../directory/directory.ts";
import { html } from "../web/html.ts";
import type { Html } from "../web/html.ts";
import type { Transaction } from "../sessions/transaction.ts";

/** A page does not show thousands of people; the search finds the others. */
const SHOWN = 200;

/** The emulated Azure AD: a form with one button for each employee. It works without script. */
export function chooserPage(
  directory: EntraTenant,
  transaction: Transaction,
  connection: ConnectionEntity,
  applicationName: string,
  filter: string,
  signedIn?: Employee,
): Html {
  const hinted = findEmployee(directory, transaction.request.loginHint ?? "");
  const first = hinted ?? signedIn;
  const { shown, more } = search(directory, filter.trim().toLowerCase(), first);
  return html`<main class="card">
    <p class="eyebrow">${directory.company} · emulated Azure AD · ${connection.name}</p>
    <h1>Who is signing in?</h1>
    <p>To <strong>${applicationName}</strong>. Pick an employee; nobody here has a password.</p>
    <form method="get" action="/u/login" class="search" role="search">
      <input type="hidden" name="state" value="${transaction.id}" />
      <label for="q">Find by name, email or department</label>
      <div class="row">
        <input id="q" name="q" type="search" value="${filter}" maxlength="100" autocomplete="off" />
        <button class="quiet">Find</button>
      </div>
    </form>
    <form method="post" action="/u/login">
      <input type="hidden" name="state" value="${transaction.id}" />
      ${
        first === undefined
          ? undefined
          : html`<h2>${first === hinted ? "Suggested" : "Signed in with this browser"}</h2>
              ${employeeList(directory, [first])}`
      }
      ${byDepartment(shown).map(
        ([department, employees]) =>
          html`<h2>${department}</h2>
            ${employeeList(directory, employees)}`,
      )}
      ${more > 0 ? html`<p>${more} more: find them by name, email or department.</p>` : undefined}
      ${
        shown.length === 0 && first === undefined
          ? html`<p>Nobody in the directory matches “${filter}”.</p>`
          : undefined
      }
    </form>
  </main>`;
}

/** The first of those whom the page may show, in the directory's order, and how many there are besides. */
function search(
  { employees }: EntraTenant,
  wanted: string,
  without: Employee | undefined,
): { shown: readonly Employee[]; more: number } {
  if (wanted !== "") {
    const found = employees.filter(
      (employee) => employee !== without && searchable(employee).includes(wanted),
    );
    return { shown: found.slice(0, SHOWN), more: found.length - SHOWN };
  }
  // Without a search nobody has to be looked at who is not shown: a company may have 20,000 people.
  const shown = employees.slice(0, SHOWN + 1).filter((employee) => employee !== without);
  const all = employees.length - (without === undefined ? 0 : 1);
  return { shown: shown.slice(0, SHOWN), more: all - SHOWN };
}

function byDepartment(employees: readonly Employee[]): [string, Employee[]][] {
  const departments = new Map<string, Employee[]>();
  for (const employee of employees) {
    const known = departments.get(employee.department);
    if (known === undefined) departments.set(employee.department, [employee]);
    else known.push(employee);
  }
  return [...departments].sort(([one], [other]) => (one < other ? -1 : 1));
}

function employeeList(directory: EntraTenant, employees: readonly Employee[]): Html {
  const entries = entriesOf(directory);
  return html`<ul class="people">
    ${employees.map((employee) => entryOf(employee, entries))}
  </ul>`;
}

/** Most of a page is what it says of people, which stays the same as long as the directory does. */
const entriesOf = remembered(() => new Map<Employee, Html>());

function entryOf(employee: Employee, entries: Map<Employee, Html>): Html {
  const known = entries.get(employee);
  if (known !== undefined) return known;
  const entry = html`<li>
    <button name="employee" value="${employee.email}">
      <span class="name">${employee.name}</span>
      <span class="detail">${employee.jobTitle} · ${groupCount(employee.groups.length)}</span>
      <span class="detail">${employee.email}</span>
    </button>
  </li>`;
  entries.set(employee, entry);
  return entry;
}

function groupCount(count: number): string {
  if (count === 0) return "no groups";
  return count === 1 ? "1 group" : `${count} groups`;
}

function searchable(employee: Employee): string {
  return `${employee.name} ${employee.email} ${employee.department}`.toLowerCase();
}
