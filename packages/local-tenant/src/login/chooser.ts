import type { ConnectionEntity } from "../store/entities.ts";
import type { EntraTenant, Employee } from "../directory/directory.ts";
import { findEmployee } from "../directory/directory.ts";
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
  const wanted = filter.trim().toLowerCase();
  const found = directory.employees.filter(
    (employee) => employee !== first && (wanted === "" || searchable(employee).includes(wanted)),
  );
  const shown = found.slice(0, SHOWN);
  const departments = [...new Set(shown.map((employee) => employee.department))].sort();
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
              ${employeeList([first])}`
      }
      ${departments.map(
        (department) =>
          html`<h2>${department}</h2>
            ${employeeList(shown.filter((employee) => employee.department === department))}`,
      )}
      ${
        found.length > SHOWN
          ? html`<p>${found.length - SHOWN} more: find them by name, email or department.</p>`
          : undefined
      }
      ${
        shown.length === 0 && first === undefined
          ? html`<p>Nobody in the directory matches “${filter}”.</p>`
          : undefined
      }
    </form>
  </main>`;
}

function employeeList(employees: readonly Employee[]): Html {
  return html`<ul class="people">
    ${employees.map(
      (employee) =>
        html`<li>
          <button name="employee" value="${employee.email}">
            <span class="name">${employee.name}</span>
            <span class="detail">${employee.jobTitle} · ${groupCount(employee.groups.length)}</span>
            <span class="detail">${employee.email}</span>
          </button>
        </li>`,
    )}
  </ul>`;
}

function groupCount(count: number): string {
  if (count === 0) return "no groups";
  return count === 1 ? "1 group" : `${count} groups`;
}

function searchable(employee: Employee): string {
  return `${employee.name} ${employee.email} ${employee.department}`.toLowerCase();
}
