import type { DeliveryState, Receipt } from '../../model/delivery.ts';
import type { ShownDelivery } from './shown.ts';

/** How a delivery looks, and which word names it. `trouble` is said in words with its reason. */
export interface DeliveryFate {
  readonly look: 'pending' | 'sent' | 'delivered' | 'read' | 'trouble';
  readonly name: DeliveryState | Receipt;
}

/** The one thing to say of a delivery: the network's receipt where there is one, else our own state. */
export function deliveryFate({ state, receipt }: ShownDelivery): DeliveryFate {
  if (receipt === 'failed') return { look: 'trouble', name: 'failed' };
  if (receipt !== undefined) return { look: receipt, name: receipt };
  switch (state) {
    case 'due':
    case 'attempting':
      return { look: 'pending', name: state };
    case 'accepted':
      return { look: 'sent', name: state };
    case 'rejected':
    case 'cancelled':
    case 'dead':
    case 'unknown':
      return { look: 'trouble', name: state };
  }
}
