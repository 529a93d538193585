import type { FastifyRequest } from 'fastify';
import { principalOf } from '../gateway/access/guard.ts';
import type { Acting } from './operators.ts';

/** Who asks, and from where; 401 where nobody is signed in. */
export function actingOf(request: FastifyRequest): Acting {
  return { operator: principalOf(request).user.id, address: request.ip };
}
