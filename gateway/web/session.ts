import type { z } from 'zod';
import { type demoLogins, demoLogins as demoLoginsSchema, type Session, session } from '../access/api.ts';
import type { ApiClient } from './api-client.ts';
import { Problem } from './problem.ts';

export type DemoLogins = z.infer<typeof demoLogins>;

/** Who is signed in; null where nobody is. */
export async function readSession(api: ApiClient): Promise<Session | null> {
  try {
    return await api.get('/api/v1/session', session);
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}

/** Signs in. Rejects with `wrong-password` or `too-many-attempts`. */
export function signIn(api: ApiClient, email: string, password: string): Promise<Session> {
  return api.post('/api/v1/session', { email, password }, session);
}

/** Ends the session on the server. */
export function signOut(api: ApiClient): Promise<void> {
  return api.send('DELETE', '/api/v1/session');
}

/** The logins to show while the demo is on; null while it is off. */
export async function readDemoLogins(api: ApiClient): Promise<DemoLogins | null> {
  try {
    return await api.get('/api/v1/demo', demoLoginsSchema);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}
