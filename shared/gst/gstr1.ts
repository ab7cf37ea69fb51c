// Owns where a document stands in the seller's monthly return GSTR-1. Source: facts/gst.md §1.4, §4.
import type { TaxDocument } from './document.ts';
import { gstLimitOn } from './limits.ts';
import { isIntraState } from './place-of-supply.ts';

/**
 * B2B: invoice to a registered buyer. CDNR: credit note to one. B2CS: to unregistered buyers, summed by place and rate, less
 * their credit notes. B2CL and CDNUR: the same one by one, where an inter-State invoice is above the limit.
 */
export type Gstr1Table = 'B2B' | 'CDNR' | 'B2CL' | 'CDNUR' | 'B2CS';

export function gstr1Table(document: TaxDocument): Gstr1Table {
  const { kind, buyer, seller, placeOfSupply, totalPaise, original, issuedOn } = document;
  if (buyer.gstin !== null) return kind === 'invoice' ? 'B2B' : 'CDNR';
  if (isIntraState(seller.stateCode, placeOfSupply)) return 'B2CS';
  // A note does not say how large its invoice was; one that is itself above the limit had one that was.
  const limit = gstLimitOn('b2c_large_invoice', original?.issuedOn ?? issuedOn);
  if (totalPaise <= limit) return 'B2CS';
  return kind === 'invoice' ? 'B2CL' : 'CDNUR';
}
