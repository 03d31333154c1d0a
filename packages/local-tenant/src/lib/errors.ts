/**
 * A refusal of the Management API. The answer's body is
 * `{ statusCode, error, message, errorCode? }`, as production sends it.
 */
export class ManagementError extends Error {
  readonly statusCode: number;
  readonly errorCode: string | undefined;

  constructor(statusCode: number, message: string, errorCode?: string) {
    super(message);
    this.name = "ManagementError";
    this.statusCode = statusCode;
    this.errorCode = errorCode;
  }

  toBody(): { statusCode: number; error: string; message: string; errorCode?: string } {
    return {
      statusCode: this.statusCode,
      error: reasonPhrase(this.statusCode),
      message: this.message,
      ...(this.errorCode === undefined ? {} : { errorCode: this.errorCode }),
    };
  }
}

/** A refusal of an OAuth 2 endpoint: `{ error, error_description }` (RFC 6749 section 5.2). */
export class OAuthError extends Error {
  readonly statusCode: number;
  readonly error: string;

  constructor(error: string, description: string, statusCode = 400) {
    super(description);
    this.name = "OAuthError";
    this.error = error;
    this.statusCode = statusCode;
  }

  toBody(): { error: string; error_description: string } {
    return { error: this.error, error_description: this.message };
  }
}

/** A mistake of the person at the keyboard: printed as one line, without a stack. */
export class UserError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UserError";
  }
}

/**
 * A command line that cannot be understood: a {@link UserError} after which a command ends with exit code 2.
 */
export class UsageError extends UserError {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/**
 * The person, or the system, asked this process to stop: it ends with exit code 130 and says nothing more.
 */
export class Interrupted extends Error {
  constructor() {
    super("Stopped.");
    this.name = "Interrupted";
  }
}

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Payload Too Large",
  414: "URI Too Long",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Service Unavailable",
};

/** The phrase that Auth0 puts into `error` for an HTTP status code. */
export function reasonPhrase(statusCode: number): string {
  return REASONS[statusCode] ?? "Error";
}
