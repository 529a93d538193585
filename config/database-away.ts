import { SettingsError } from './settings-file.ts';

/** SQLSTATE classes of a server that let us no further: wrong user or password, no such database, not up yet. */
const REFUSED = /^(28|3D|57P03|53300)/;
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'ENOENT',
]);

/**
 * What a failed first use of DATABASE_URL is to a person: which variable, why, and what to do. The address itself is
 * left out, as it holds the password. Other errors come back as they are.
 */
export function explainDatabaseError(error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  if (UNREACHABLE.has(code)) {
    return new SettingsError(
      `DATABASE_URL: no PostgreSQL answers there (${code}); start it, or correct the host and the port`,
      { cause: error },
    );
  }
  if (!REFUSED.test(code)) return error;
  const said = error instanceof Error ? error.message : code;
  return new SettingsError(
    `DATABASE_URL: PostgreSQL refuses us: ${said}; correct the user, the password or the name`,
    {
      cause: error,
    },
  );
}

/** Of the error, or of the first of several attempts that failed together (one for each address of a name). */
function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
