import { problem } from '../../gateway/access/api.ts';
import { requirePermission } from '../../gateway/access/guard.ts';

/** What all routes of the training share: whose they are, what refuses them, and where they stand in the documentation. */
export const onRequest = requirePermission('training.edit');
export const refusals = { 400: problem, 401: problem, 403: problem };
export const tags = ['training'];
