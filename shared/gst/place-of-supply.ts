// Owns where a supply counts as made, and which taxes follow from that. Sources: facts/gst.md §2.1 (IGST Act s.12(2),
// Circular 242/36/2024). Buyers in a special economic zone would always take IGST; the product does not sell to them.
import { checkGstin } from './gstin.ts';
import { chargesUtgst, isStateCode, type StateCode, stateName } from './states.ts';

/** What decides the place: the buyer's GSTIN if registered, and the state of the address, which is always asked for. */
export interface BuyerPlace {
  readonly gstin: string | null;
  readonly stateCode: string;
}

/**
 * The state whose tax this is: a registered buyer's is that of the GSTIN, any other's that of the address.
 * There is no default: the seller's own state would be a guess that moves tax to the wrong government. Throws RangeError
 * on a GSTIN that fails its check and on a state that is not offered: sign-up refuses both, so here it is our own fault.
 */
export function placeOfSupply(buyer: BuyerPlace): StateCode {
  if (buyer.gstin !== null) {
    const check = checkGstin(buyer.gstin);
    if (!check.ok) throw new RangeError(`the buyer's GSTIN fails its check: ${check.reason}`);
    return check.stateCode;
  }
  if (!isStateCode(buyer.stateCode)) throw new RangeError(`the buyer's state is not known: "${buyer.stateCode}"`);
  return buyer.stateCode;
}

/** True when CGST and SGST (or UTGST) are due, false when IGST is. */
export function isIntraState(sellerState: StateCode, place: StateCode): boolean {
  return sellerState === place;
}

/** What the second head of an intra-state tax is called in print. Its amount stands in `sgstPaise` under either name. */
export function secondHeadLabel(place: StateCode): 'SGST' | 'UTGST' {
  return chargesUtgst(place) ? 'UTGST' : 'SGST';
}

/** As rule 46(n) wants it printed: `29-Karnataka`. */
export function placeOfSupplyLabel(place: StateCode): string {
  return `${place}-${stateName(place)}`;
}
