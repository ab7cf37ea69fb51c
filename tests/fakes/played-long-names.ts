// A pharmacy whose names, references and numbers are as long as they come: what a screen must have room for.
import type { Scenario } from './played-counter.ts';
import { everyState, session, typical, withOverview } from './played-scenarios.ts';

export function longNames(): Scenario {
  const long =
    'Sri Venkateswara Swamy Ayurvedic, Homoeopathic & Allopathic Medicals and General Stores (Wholesale and Retail)';
  const name = 'Second counter beside the refrigerator on the ground floor near the main door';
  const scenario = withOverview(typical(), {
    session: { ...session, orgName: long, deviceName: name },
    credits: {
      balance: 123_456_789,
      held: 12_345_678,
      available: 111_111_111,
      seq: 128,
      lowBelow: 5_000,
      month: '2026-11',
      usedThisMonth: 98_765_432,
      forecast: { kind: 'runs_out', on: '2026-12-31', perDay: 3_292_181 },
    },
  });
  return {
    ...scenario,
    purchases: everyState().map((purchase) => ({
      ...purchase,
      quantity: purchase.sku === 'topup.50k' ? 20 : 1,
      amountPaise: purchase.sku === 'topup.50k' ? 5_000_000 : purchase.amountPaise,
      newAmountPaise: purchase.newAmountPaise === null ? null : 5_500_000,
      credits: purchase.sku === 'topup.50k' ? 1_000_000 : 0,
      mine: false,
      deviceName: name,
      followsDevice: purchase.followsDevice === null ? null : name,
    })),
    entries: scenario.entries.map((entry) => ({
      ...entry,
      balanceAfter: entry.balanceAfter + 111_111_111,
      reference:
        entry.reference === null ? null : `${entry.reference} prescription-of-a-very-long-reference-0123456789abcdef`,
    })),
    devices: scenario.devices.map((device) => ({ ...device, name: `${name} ${device.name}` })),
  };
}
