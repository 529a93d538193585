import { config } from 'zod';

// The pages run under a policy that forbids making code from text, and zod would try it. Imported before any schema.
config({ jitless: true });
